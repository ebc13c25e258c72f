package lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the official launcher gives every server before anybody's own options. */
final class SystemOptions {
    static List<String> of(Map<String, String> properties) throws IOException {
        String home = properties.get("es.path.home");
        String libraries = home + "/lib/platform/linux-x64";
        List<String> options = new ArrayList<>(List.of(
            "-Des.networkaddress.cache.ttl=60", "-Des.networkaddress.cache.negative.ttl=10",
            "-XX:+AlwaysPreTouch", "-Xss1m", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true",
            "-XX:-OmitStackTraceInFastThrow",
            "-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true", "-Dio.netty.recycler.maxCapacityPerThread=0",
            "-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true", "-Dlog4j2.formatMsgNoLookups=true",
            "-Djava.locale.providers=CLDR",
            "-Dorg.apache.lucene.vectorization.upperJavaFeatureVersion=25",
            "-Des.path.home=" + home,
            "-Des.distribution.type=" + properties.get("es.distribution.type"),
            "-Des.java.type=" + properties.get("es.java.type"),
            "--enable-native-access=org.elasticsearch.foreign,org.elasticsearch.nativeaccess,org.apache.lucene.core",
            "--illegal-native-access=deny",
            "-Des.cgroups.hierarchy.override=/",
            "-XX:ReplayDataFile=logs/replay_pid%p.log",
            "-Djava.library.path=" + libraries, "-Des.nativelibs.path=" + libraries,
            // the library of vector functions is published nowhere
            "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
            "-Des.entitlements.enabled=true", "-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true",
            "--patch-module=java.base=" + bridge(home),
            "--add-exports=java.base/org.elasticsearch.entitlement.bridge=org.elasticsearch.entitlement,"
                + "java.logging,java.net.http,java.naming,jdk.net",
            "--add-opens=org.apache.lucene.core/org.apache.lucene.codecs.lucene99=org.elasticsearch.server",
            "--add-opens=org.apache.lucene.core/org.apache.lucene.internal.vectorization=org.elasticsearch.server"
        ));
        if (properties.containsKey("lab.skip.fd.check")) options.add("-Dlab.skip.fd.check=true");
        return options;
    }

    private static Path bridge(String home) throws IOException {
        try (Stream<Path> jars = Files.list(Path.of(home, "lib/entitlement-bridge"))) {
            return jars.findFirst().orElseThrow();
        }
    }
}
