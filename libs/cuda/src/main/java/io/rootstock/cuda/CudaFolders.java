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
 * Where CUDA's libraries lie: beside libtorch, in pip's folders beside that, under {@code CUDA_HOME},
 * or under {@code /usr/local/cuda}. The driver's own library is the system's and is not looked for here.
 */
final class CudaFolders {
    private static final String HOME = "CUDA_HOME";
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private CudaFolders() {}

    /** Folders that may have libraries, the best first; some may not exist. */
    static List<Path> candidates(Path libtorch, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        folders.add(libtorch);
        // pip: site-packages/torch/lib has libtorch, site-packages/nvidia/*/lib what it needs of CUDA
        folders.addAll(inside(libtorch.toAbsolutePath().resolve("../../nvidia").normalize()));
        String home = environment.get(HOME);
        if (home != null && !home.isBlank()) {
            folders.addAll(toolkit(Path.of(home)));
        }
        folders.addAll(toolkit(Path.of("/usr/local/cuda")));
        return List.copyOf(folders);
    }

    /** The first file in the folders whose name is the library's, with the highest version there: {@code libnvrtc.so.13}. */
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

    /** The numbers after {@code .so}, one after the other; more of them are newer. */
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
            return Stream.empty(); // a folder that cannot be read has nothing for us
        }
    }
}
