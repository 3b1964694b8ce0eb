package io.rootstock.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.cyclonedx.util.LicenseResolver;

/**
 * Licence texts: those in the jars, those of the native parts, and SPDX's text of each licence. The Java runtime has its own
 * in {@code runtime/legal}.
 *
 * @param folder the assembled folder
 */
record LicenceFolder(Path folder) {
    private static final Pattern TEXT = Pattern.compile(
            "(META-INF/)?(LICEN[SC]E|NOTICE|COPYING|COPYRIGHT|ABOUT|AL2\\.0|LGPL2\\.1)[^/]*", Pattern.CASE_INSENSITIVE);

    /** Writes {@code licenses/}, with a table of the components. */
    void write(List<Component> components, Path nativeTexts, Path llama) throws IOException {
        Path target = Files.createDirectories(folder.resolve("licenses"));
        StringBuilder table = new StringBuilder("component\tversion\tlicences\tplace\n");
        Set<String> identifiers = new TreeSet<>();
        for (Component component : components.stream().sorted().toList()) {
            component.licences().forEach(licence -> identifiers.addAll(licence.identifiers()));
            table.append((component.group().isEmpty() ? "" : component.group() + ":") + component.name())
                    .append('\t')
                    .append(component.version())
                    .append('\t')
                    .append(
                            component.licences().isEmpty()
                                    ? "not stated; see its own texts"
                                    : component.licences().stream()
                                            .map(Licence::label)
                                            .collect(Collectors.joining(", ")))
                    .append('\t')
                    .append(
                            component.files().isEmpty()
                                    ? component.note()
                                    : component.files().getFirst())
                    .append('\n');
            for (String file : component.files().stream().limit(1).toList()) {
                if (file.endsWith(".jar")) {
                    texts(
                            folder.resolve(file),
                            target.resolve("jars").resolve(component.name() + "-" + component.version()));
                }
            }
        }
        Files.writeString(target.resolve("components.tsv"), table);
        for (String identifier : identifiers) {
            spdx(identifier, target.resolve("spdx"));
        }
        Path parts = Files.createDirectories(target.resolve("native"));
        for (String part : List.of("libtorch.txt", "openblas.txt")) {
            Files.copy(nativeTexts.resolve(part), parts.resolve(part));
        }
        Files.copy(llama, parts.resolve("llama.cpp.txt"));
    }

    private static void texts(Path jar, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()
                        && TEXT.matcher(entry.getName()).matches()
                        && !entry.getName().endsWith(".class")) {
                    String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    Path text = target.resolve(name);
                    Files.createDirectories(target);
                    if (!Files.exists(text)) {
                        try (InputStream in = zip.getInputStream(entry)) {
                            Files.copy(in, text);
                        }
                    }
                }
            }
        }
    }

    private static void spdx(String identifier, Path target) throws IOException {
        try (InputStream text = LicenseResolver.class.getResourceAsStream("/licenses/" + identifier + ".txt")) {
            if (text != null) {
                Files.createDirectories(target);
                Files.copy(text, target.resolve(identifier + ".txt"));
            }
        }
    }
}
