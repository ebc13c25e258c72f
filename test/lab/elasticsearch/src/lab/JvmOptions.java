package lab;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.elasticsearch.cli.ExitCodes;
import org.elasticsearch.cli.ProcessInfo;
import org.elasticsearch.cli.UserException;
import org.elasticsearch.common.util.concurrent.EsExecutors;
import org.elasticsearch.env.Environment;

/** The options of the server's JVM in the official order: the system's, the files', ES_JAVA_OPTS, the heap, and what follows from them. */
final class JvmOptions {
    private static final Pattern LINE = Pattern.compile("((?<from>\\d+)(?<range>-)?(?<to>\\d+)?:)?(?<option>-.*)");

    static List<String> of(Environment environment, Path temporary, ProcessInfo process) throws Exception {
        List<String> users = new ArrayList<>();
        for (String option : filesAndVariable(environment.configDir(), process)) {
            users.add(option.replace("${ES_TMPDIR}", temporary.toString()).replace("${ES_PATH_CONF}", environment.configDir().toString()));
        }
        // Twice, as the official one does: for the heap, and then for what follows from it.
        Map<String, Flags.Flag> flags = Flags.of(users);
        if (Stream.of("MaxHeapSize", "MinHeapSize", "InitialHeapSize").noneMatch(name -> flags.get(name).given())) users.addAll(heap());
        List<String> all = new ArrayList<>(SystemOptions.of(process.sysprops()));
        if (EsExecutors.NODE_PROCESSORS_SETTING.exists(environment.settings())) {
            all.add("-XX:ActiveProcessorCount=" + EsExecutors.allocatedProcessors(environment.settings()));
        }
        all.addAll(users);
        all.addAll(ergonomics(Flags.of(users)));
        return all;
    }

    private static List<String> filesAndVariable(Path config, ProcessInfo process) throws IOException, UserException {
        List<Path> files = new ArrayList<>(List.of(config.resolve("jvm.options")));
        Path folder = config.resolve("jvm.options.d");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                found.filter(file -> file.toString().endsWith(".options")).sorted().forEach(files::add);
            }
        }
        List<String> options = new ArrayList<>();
        for (Path file : files) options.addAll(read(file));
        for (String word : process.envVars().getOrDefault("ES_JAVA_OPTS", "").split("\\s+")) if (!word.isBlank()) options.add(word);
        return options;
    }

    private static List<String> read(Path file) throws IOException, UserException {
        List<String> options = new ArrayList<>();
        TreeMap<Integer, String> wrong = new TreeMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.startsWith("#") || line.isBlank()) continue;
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) wrong.put(number, line);
            else if (holds(matcher)) options.add(matcher.group("option"));
        }
        if (!wrong.isEmpty()) throw new UserException(ExitCodes.CONFIG, "encountered errors parsing [" + file + "]: " + wrong);
        return options;
    }

    /** "8:-X", "8-:-X" and "8-9:-X" are for these versions of Java only. */
    private static boolean holds(Matcher line) {
        if (line.group("from") == null) return true;
        int java = Runtime.version().feature();
        int from = Integer.parseInt(line.group("from"));
        if (line.group("range") == null) return java == from;
        return java >= from && (line.group("to") == null || java <= Integer.parseInt(line.group("to")));
    }

    /** Roughly what the official one derives where nobody says a size: half of the memory. */
    private static List<String> heap() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long megabytes = system.getTotalMemorySize() / 2 / 1024 / 1024;
        return List.of("-Xms" + megabytes + "m", "-Xmx" + megabytes + "m");
    }

    /** What the official JvmErgonomics adds, where the user has said nothing else. */
    private static List<String> ergonomics(Map<String, Flags.Flag> flags) {
        List<String> options = new ArrayList<>();
        long heap = Long.parseLong(flags.get("MaxHeapSize").value());
        boolean small = heap < 8L << 30;
        if (flags.get("MaxDirectMemorySize").value().equals("0")) options.add("-XX:MaxDirectMemorySize=" + heap / 2);
        if (!flags.get("UseG1GC").value().equals("true")) return options;
        if (small && !flags.get("G1HeapRegionSize").given()) options.add("-XX:G1HeapRegionSize=4m");
        if (!flags.get("InitiatingHeapOccupancyPercent").given()) options.add("-XX:InitiatingHeapOccupancyPercent=30");
        if (!flags.get("G1ReservePercent").given()) options.add("-XX:G1ReservePercent=" + (small ? 15 : 25));
        return options;
    }
}
