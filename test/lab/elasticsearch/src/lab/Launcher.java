package lab;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in for the official server launcher, which is not published: starts the preparer, then the server in a process of its own whose
 * working directory is the logs folder, hands it its arguments on standard input, and waits for its end.
 */
public final class Launcher {
    // org.elasticsearch.bootstrap.BootstrapInfo of the server
    private static final char READY = '\u0018';
    private static final char SHUTDOWN = '\u001b';

    public static void main(String[] arguments) throws Exception {
        Descriptor descriptor = prepare(arguments);
        if (descriptor == null) return;
        Process server = start(descriptor);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        int code = server.waitFor();
        if (code != 0) Runtime.getRuntime().exit(code);
    }

    /** Nothing when the preparer had only something to print. Its exit code is this process's own when it fails. */
    private static Descriptor prepare(String[] arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        for (String name : List.of("es.path.home", "es.path.conf", "es.distribution.type", "es.java.type", "lab.skip.fd.check")) {
            String value = System.getProperty(name);
            if (value != null) command.add("-D" + name + "=" + value);
        }
        command.addAll(List.of("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dcli.name=server"));
        command.addAll(List.of("-Dlog4j2.disable.jmx=true", "-cp", System.getProperty("lab.cli.classpath"), "lab.Cli"));
        command.addAll(List.of(arguments));
        Process preparer = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Descriptor descriptor = null;
        try (DataInputStream in = new DataInputStream(preparer.getInputStream())) {
            descriptor = Descriptor.read(in);
        } catch (EOFException e) {
            // a preparer that printed its version, or failed: its exit code tells
        }
        int code = preparer.waitFor();
        if (code != 0) System.exit(code);
        return descriptor;
    }

    private static Process start(Descriptor descriptor) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(descriptor.command()).directory(new File(descriptor.workingDirectory()))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(descriptor.environment());
        Process server = builder.start();
        CountDownLatch decided = new CountDownLatch(1);
        boolean[] ready = {false};
        Thread pump = new Thread(() -> pump(server, decided, ready));
        pump.start();
        try {
            server.getOutputStream().write(descriptor.arguments());
            server.getOutputStream().flush();
        } catch (IOException e) {
            // it ends, and its own error is pumped
        }
        decided.await();
        if (ready[0]) return server;
        int code = server.waitFor();
        pump.join();
        System.err.println("Elasticsearch died while starting up, exit code: " + code);
        System.exit(code == 0 ? 1 : code);
        return server;
    }

    /** The server's errors go on to this process's own; a line with the mark in it says that it is up. */
    private static void pump(Process server, CountDownLatch decided, boolean[] ready) {
        try (BufferedReader errors = new BufferedReader(new InputStreamReader(server.getErrorStream()))) {
            for (String line; (line = errors.readLine()) != null;) {
                if (line.isEmpty() || line.charAt(0) != READY) {
                    System.err.println(line);
                } else {
                    ready[0] = true;
                    decided.countDown();
                }
            }
        } catch (IOException e) {
            System.err.println("the server's errors can't be read: " + e);
        }
        decided.countDown();
    }

    private static void stop(Process server) {
        try {
            server.getOutputStream().write(SHUTDOWN);
            server.getOutputStream().flush();
        } catch (IOException e) {
            // it has ended already
        }
        try {
            server.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
