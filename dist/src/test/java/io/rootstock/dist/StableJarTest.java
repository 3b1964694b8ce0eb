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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars of generated classes that differ in the numbers of their keys. */
final class StableKeysTest {
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

    private Path rewritten(String name, List<String> first, List<String> second) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(zip, "A.class", type("A", first));
            put(zip, "B.class", type("B", second));
            put(zip, "text", "proxykey9".getBytes(StandardCharsets.UTF_8));
        }
        Path target = directory.resolve(name + "-stable.jar");
        StableKeys.write(jar, target);
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
