package io.rootstock.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Locates CUDA's libraries: beside libtorch, in pip's folders beside it, below {@code CUDA_HOME} or
 * {@code /usr/local/cuda}. The driver's library is a system library and is not located here.
 */
final class CudaFolders {
    private static final String HOME = "CUDA_HOME";
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private CudaFolders() {}

    /** Returns folders that may contain libraries, in order of preference; some may not exist. */
    static List<Path> candidates(Path libtorch, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        folders.add(libtorch);
        // pip: libtorch is in site-packages/torch/lib, its CUDA libraries are in site-packages/nvidia/*/lib
        folders.addAll(inside(libtorch.toAbsolutePath().resolve("../../nvidia").normalize()));
        String home = environment.get(HOME);
        if (home != null && !home.isBlank()) {
            folders.addAll(toolkit(Path.of(home)));
        }
        folders.addAll(toolkit(Path.of("/usr/local/cuda")));
        return List.copyOf(folders);
    }

    /** Finds the library's file with the highest version in the first folder that has one: {@code libnvrtc.so.13}. */
    static Optional<Path> find(String library, List<Path> folders) {
        Pattern name = Pattern.compile(Pattern.quote(library) + "\\.so(\\.\\d+)*");
        for (Path folder : folders) {
            Optional<Path> found = list(folder)
                    .filter(file -> name.matcher(file.getFileName().toString()).matches())
                    .max((left, right) -> compare(
                            left.getFileName().toString(), right.getFileName().toString()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Compares the version numbers after {@code .so}; of equal prefixes the longer version is newer. */
    private static int compare(String left, String right) {
        return Arrays.compare(version(left), version(right));
    }

    private static int[] version(String file) {
        return NUMBER.matcher(file.substring(file.indexOf(".so")))
                .results()
                .mapToInt(number -> Integer.parseInt(number.group()))
                .toArray();
    }

    private static List<Path> toolkit(Path home) {
        return List.of(home.resolve("lib64"), home.resolve("targets/x86_64-linux/lib"), home.resolve("lib"));
    }

    private static List<Path> inside(Path packages) {
        return list(packages).map(each -> each.resolve("lib")).sorted().toList();
    }

    private static Stream<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // an unreadable folder counts as empty
        }
    }
}
