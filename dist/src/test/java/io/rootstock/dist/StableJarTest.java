package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars of generated classes that differ in the numbers of their keys, or in an order. */
final class StableJarTest {
    @TempDir
    private Path directory;

    @Test
    void keysFollowFromTheOrderOfTheClasses() throws IOException {
        Path one = rewritten("one", List.of("proxykey7", "other7", "proxykey133"), List.of("proxykey133"));
        Path two = rewritten("two", List.of("proxykey12", "other7", "proxykey4"), List.of("proxykey4"));
        assertThat(one).hasSameBinaryContentAs(two);
        try (ZipFile zip = new ZipFile(one.toFile())) {
            assertThat(constants(zip, "A.class")).contains("proxykey0", "other7", "proxykey1");
            assertThat(constants(zip, "B.class")).contains("proxykey1").doesNotContain("proxykey0");
            assertThat(new String(zip.getInputStream(zip.getEntry("text")).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("proxykey9");
        }
    }

    @Test
    void entriesAndListsOfTheNativeImageBuilderAreSorted() throws IOException {
        String list = "META-INF/native-image/reflect-config.json";
        Path one = rewritten(
                "one",
                Map.entry(list, "[{\"name\":\"B\"},{\"name\":\"A\",\"methods\":[]}]"),
                Map.entry("b", "1"),
                Map.entry("a", "2"));
        Path two = rewritten(
                "two",
                Map.entry("a", "2"),
                Map.entry(list, "[{\"name\":\"A\",\"methods\":[]},{\"name\":\"B\"}]"),
                Map.entry("b", "1"));
        assertThat(one).hasSameBinaryContentAs(two);
        try (ZipFile zip = new ZipFile(one.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName)).containsExactly(list, "a", "b");
            assertThat(new String(zip.getInputStream(zip.getEntry(list)).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("[{\"name\":\"A\",\"methods\":[]},{\"name\":\"B\"}]");
        }
    }

    @SafeVarargs
    private Path rewritten(String name, Map.Entry<String, String>... entries) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, String> entry : entries) {
                put(zip, entry.getKey(), entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        Path target = directory.resolve(name + "-stable.jar");
        StableJar.write(jar, target);
        return target;
    }

    private Path rewritten(String name, List<String> first, List<String> second) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(zip, "A.class", type("A", first));
            put(zip, "B.class", type("B", second));
            put(zip, "text", "proxykey9".getBytes(StandardCharsets.UTF_8));
        }
        Path target = directory.resolve(name + "-stable.jar");
        StableJar.write(jar, target);
        return target;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** A class whose method loads the texts and a long, which takes two places of the constant pool. */
    private static byte[] type(String name, List<String> texts) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        type -> type.withMethodBody(
                                "run", MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_STATIC, code -> {
                                    code.loadConstant(1L << 40).pop2();
                                    texts.forEach(
                                            text -> code.loadConstant(text).pop());
                                    code.return_();
                                }));
    }

    private static List<String> constants(ZipFile zip, String name) throws IOException {
        byte[] bytes = zip.getInputStream(zip.getEntry(name)).readAllBytes();
        List<String> found = new ArrayList<>();
        ClassFile.of().parse(bytes).constantPool().forEach(entry -> found.add(entry.toString()));
        return found.stream()
                .map(text -> text.replaceFirst("^.*?(proxykey\\d+|other\\d+).*$", "$1"))
                .toList();
    }
}
