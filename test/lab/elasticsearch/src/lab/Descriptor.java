package lab;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the preparer tells the launcher: which process to start, where, and what to send to its standard input. */
record Descriptor(List<String> command, String workingDirectory, Map<String, String> environment, byte[] arguments) {
    static Descriptor read(DataInputStream in) throws IOException {
        List<String> command = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) command.add(readText(in));
        String directory = readText(in);
        Map<String, String> environment = new HashMap<>();
        for (int n = in.readInt(); n > 0; n--) environment.put(readText(in), readText(in));
        return new Descriptor(command, directory, environment, in.readNBytes(in.readInt()));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(command.size());
        for (String word : command) writeText(out, word);
        writeText(out, workingDirectory);
        out.writeInt(environment.size());
        for (var entry : environment.entrySet()) {
            writeText(out, entry.getKey());
            writeText(out, entry.getValue());
        }
        out.writeInt(arguments.length);
        out.write(arguments);
    }

    /** Not writeUTF: a value may be longer than its 64 KiB. */
    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes("UTF-8");
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), "UTF-8");
    }
}
