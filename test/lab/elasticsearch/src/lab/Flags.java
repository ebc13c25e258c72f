package lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flags that a JVM ends up with, asked of a JVM in an empty folder. What it can't start with, the server never sees. */
final class Flags {
    /** Given: by the command line, and not a default. */
    record Flag(String value, boolean given) {}

    private static final Pattern LINE = Pattern.compile("\\s*\\S+\\s+(\\S+)\\s+:?=\\s+(\\S+)?\\s+\\{[^}]+}\\s+\\{([^}]+)}.*");

    static Map<String, Flag> of(List<String> options) throws Exception {
        Path folder = Files.createTempDirectory("final-flags");
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(options);
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
        int code = new ProcessBuilder(command).directory(folder.toFile())
            .redirectOutput(output.toFile()).redirectError(errors.toFile()).start().waitFor();
        if (code != 0) {
            throw new RuntimeException(
                "starting java failed with [" + code + "]\noutput:\n" + Files.readString(output) + "\nerror:\n" + Files.readString(errors)
            );
        }
        Map<String, Flag> flags = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) flags.put(matcher.group(1), new Flag(matcher.group(2), matcher.group(3).contains("command line")));
        }
        Files.delete(output);
        Files.delete(errors);
        return flags;
    }
}
