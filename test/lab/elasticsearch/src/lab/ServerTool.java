package lab;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;
import org.elasticsearch.Build;
import org.elasticsearch.bootstrap.ServerArgs;
import org.elasticsearch.cli.ExitCodes;
import org.elasticsearch.cli.ProcessInfo;
import org.elasticsearch.cli.UserException;
import org.elasticsearch.cli.terminal.Terminal;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.cli.EnvironmentAwareCommand;
import org.elasticsearch.common.io.stream.BytesStreamOutput;
import org.elasticsearch.common.settings.KeyStoreWrapper;
import org.elasticsearch.common.settings.SecureString;
import org.elasticsearch.env.Environment;

/**
 * Stands in for the official preparer (server-cli), which is not published: reads settings, keystore and JVM options, and writes a
 * {@link Descriptor} to standard output. Settings, exit codes and the keystore are the real classes' own.
 */
final class ServerTool extends EnvironmentAwareCommand {
    private final OptionSpec<Void> version = parser.acceptsAll(List.of("V", "version"), "Prints version information and exits");
    private final OptionSpec<String> pidFile = parser.acceptsAll(List.of("p", "pidfile"), "Creates a pid file").withRequiredArg();

    ServerTool() {
        super("Starts Elasticsearch");
    }

    @Override
    public void execute(Terminal terminal, OptionSet options, Environment environment, ProcessInfo process) throws Exception {
        if (!options.nonOptionArguments().isEmpty()) {
            throw new UserException(ExitCodes.USAGE, "Positional arguments not allowed, found " + options.nonOptionArguments());
        }
        if (options.has(version)) {
            terminal.println("Version: " + Build.current().qualifiedVersion());
            return;
        }
        Path logging = environment.configDir().resolve("log4j2.properties");
        if (!Files.exists(logging)) throw new UserException(ExitCodes.CONFIG, "Missing logging config file at " + logging);
        KeyStoreWrapper keystore = keystore(environment, process);
        Path directory = environment.logsDir();
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new UserException(ExitCodes.CONFIG, "Logs dir [" + directory + "] exists but is not a directory", e);
        }
        Path pid = options.has(pidFile) ? Path.of(pidFile.value(options)).toAbsolutePath() : null;
        BytesStreamOutput bytes = new BytesStreamOutput();
        new ServerArgs(false, false, pid, keystore, environment.settings(), environment.configDir().toAbsolutePath(), directory).writeTo(bytes);
        Path temporary = temporaryFolder(process);
        Descriptor descriptor = new Descriptor(
            command(environment, temporary, process), directory.toString(), environment(process, temporary), BytesReference.toBytes(bytes.bytes())
        );
        DataOutputStream out = new DataOutputStream(Cli.STANDARD_OUTPUT);
        descriptor.write(out);
        out.flush();
    }

    /** Made if it is absent. */
    private static KeyStoreWrapper keystore(Environment environment, ProcessInfo process) throws Exception {
        char[] password = process.envVars().getOrDefault("KEYSTORE_PASSWORD", "").toCharArray();
        return KeyStoreWrapper.bootstrap(environment.configDir(), () -> new SecureString(password.clone()));
    }

    private static Path temporaryFolder(ProcessInfo process) throws Exception {
        String given = process.envVars().get("ES_TMPDIR");
        if (given == null) {
            try {
                return Files.createTempDirectory("elasticsearch-");
            } catch (IOException e) {
                throw new UncheckedIOException(e); // so the exit code is 70, as the official one's
            }
        }
        Path path = Path.of(given);
        if (!Files.isDirectory(path)) {
            throw new UserException(ExitCodes.CONFIG, "Temporary directory [" + path + "] does not exist or is not accessible");
        }
        return path;
    }

    private static List<String> command(Environment environment, Path temporary, ProcessInfo process) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(process.sysprops().get("java.home") + "/bin/java");
        command.addAll(JvmOptions.of(environment, temporary, process));
        command.addAll(
            List.of(
                "--module-path", process.sysprops().get("es.path.home") + "/lib",
                "--add-modules=jdk.net", "--add-modules=jdk.management.agent", "--add-modules=ALL-MODULE-PATH",
                "-m", "org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch"
            )
        );
        return command;
    }

    private static Map<String, String> environment(ProcessInfo process, Path temporary) {
        Map<String, String> environment = new HashMap<>(process.envVars());
        environment.remove("ES_TMPDIR");
        environment.remove("ES_JAVA_OPTS");
        environment.putIfAbsent("LIBFFI_TMPDIR", temporary.toString());
        return environment;
    }
}
