package io.rootstock.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks that the download has its native files, and that all of them are for its platform. */
record NativeCheck(Platform platform, Path folder) {
    /** Beginnings of names of files that a download has. */
    private static final List<String> REQUIRED = List.of(
            "runtime/bin/java",
            "runtime/lib/server/libjvm.",
            "native/libtorch/libtorch_cpu.",
            "native/libtorch/libc10.",
            "native/libtorch/libopenblas.",
            "native/llama/libllama.",
            "native/llama/libggml.",
            "native/llama/libggml-base.");

    /**
     * Returns the number of native files.
     *
     * @throws IOException naming the files that are missing or for another platform
     */
    int check() throws IOException {
        List<String> names = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        TrimmedJar jars = new TrimmedJar(platform);
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String name = folder.relativize(file).toString();
            if (name.endsWith(".jar")) {
                jars.foreign(file).forEach(entry -> wrong.add(name + "!" + entry));
                continue;
            }
            Optional<NativeFile> header = NativeFile.read(file);
            if (header.isPresent()) {
                names.add(name);
                if (!platform.runs(header.get())) {
                    wrong.add(name + " (" + header.get() + ")");
                }
            }
        }
        REQUIRED.stream()
                .filter(required -> names.stream().noneMatch(name -> name.startsWith(required)))
                .forEach(required -> wrong.add(required + "* is missing"));
        if (!wrong.isEmpty()) {
            throw new IOException("the download for " + platform.label() + " has wrong native files: " + wrong);
        }
        return names.size();
    }
}
