package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.demo.JavadocReader.DocumentedType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of a JDK's sources that the demo reads. */
final class SourceArchiveTest {
    @TempDir
    private Path directory;

    @Test
    void theDemoReadsEqualTypesFromIt() throws IOException {
        Path all = directory.resolve("src.zip");
        write(
                all,
                new TreeMap<>(Map.of(
                        "java.base/java/util/A.java", "package java.util;\n/** An A. */\npublic class A {}\n",
                        "java.base/java/util/B.java", "package java.util;\n/** A B. */\n  public class B {}\n",
                        "java.base/java/util/C.java", "package java.util;\n/** A C. */\nclass C {}\n",
                        "java.base/java/util/D.java", "package java.util;\npublic class D {}\n",
                        "java.base/jdk/internal/E.java", "package jdk.internal;\n/** An E. */\npublic class E {}\n",
                        "java.base/sun/F.java", "package sun;\n/** An F. */\npublic class F {}\n",
                        "java.base/java/util/text.txt", "/** Text. */")));
        Path part = directory.resolve("part.zip");
        SourceArchive.write(all, part);
        try (ZipFile zip = new ZipFile(part.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("java.base/java/util/A.java", "java.base/java/util/B.java");
        }
        assertThat(types(part)).hasSize(2).isEqualTo(types(all));

        Path again = directory.resolve("again.zip");
        SourceArchive.write(all, again);
        assertThat(again).hasSameBinaryContentAs(part);
    }

    private static List<DocumentedType> types(Path corpus) {
        return JdkSources.read(corpus, DemoCorpus::isPublicLibrary, JavadocReader::read).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static void write(Path file, Map<String, String> sources) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> source : sources.entrySet()) {
                zip.putNextEntry(new ZipEntry(source.getKey()));
                zip.write(source.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}
