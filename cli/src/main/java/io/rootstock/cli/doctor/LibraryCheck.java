package io.rootstock.cli.doctor;

import io.rootstock.cli.installation.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shared libraries of libtorch or llama.cpp: in the folder of an environment variable, else beside the packaged service.
 *
 * @param name of the library
 * @param variable environment variable that names a folder
 * @param file beginning of the name of the file that the folder must hold
 * @param packaged folder of the packaged service
 * @param packagedFile beginning of the name of the file that this folder must hold
 * @param layout names the remedy for a missing file
 */
record LibraryCheck(
        Machine machine, String name, String variable, String file, Path packaged, String packagedFile, Layout layout)
        implements Check {
    static LibraryCheck libtorch(Machine machine, Layout layout) {
        return new LibraryCheck(
                machine,
                "libtorch",
                "ROOTSTOCK_LIBTORCH",
                "libtorch_cpu.so",
                layout.libtorch(),
                layout.libtorchFile(),
                layout);
    }

    static LibraryCheck llama(Machine machine, Layout layout) {
        return new LibraryCheck(
                machine, "llama.cpp", "ROOTSTOCK_LLAMA", "libllama", layout.llama(), "libllama", layout);
    }

    @Override
    public List<Finding> run() {
        Optional<Path> named = machine.variable(variable).map(Path::of);
        Path folder = named.orElse(packaged);
        String prefix = named.isPresent() ? file : packagedFile;
        if (holds(folder, prefix)) {
            return List.of(Finding.ok(name, folder.toString()));
        }
        return List.of(
                named.isPresent()
                        ? Finding.error(
                                name,
                                variable + " names " + folder + ", which holds no " + file,
                                "set it to a folder that holds the library, or unset it")
                        : Finding.error(name, folder + " holds no " + prefix + "*", layout.missingLibrary(folder)));
    }

    private static boolean holds(Path folder, String prefix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(path -> path.getFileName().toString().startsWith(prefix) && !isEmpty(path));
        } catch (IOException missing) {
            return false;
        }
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException vanished) {
            return true;
        }
    }
}
