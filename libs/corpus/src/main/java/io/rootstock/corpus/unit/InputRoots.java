package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Directories and parts of storages that inputs may lie in.
 *
 * @param base directory that relative patterns start at and names are relative to
 * @param allowed directories, as real paths, outside of which no local file is read
 * @param stores parts of storages outside of which no file of a storage is read, longest prefix first
 */
public record InputRoots(Path base, List<Path> allowed, List<StorageRoot> stores) {
    public InputRoots {
        allowed = List.copyOf(allowed);
        stores = List.copyOf(stores);
    }

    /**
     * Resolves directories.
     *
     * @throws RefusedInputException if one does not exist
     */
    public static InputRoots of(Path base, List<Path> allowed) {
        return new InputRoots(
                real(base), allowed.stream().map(InputRoots::real).sorted().toList(), List.of());
    }

    /**
     * Resolves directories and addresses.
     *
     * @param base may be missing if an address is allowed; relative patterns are then refused
     * @param roots paths of directories, and addresses such as {@code s3://crawl/2026?region=eu-central-1}
     * @throws RefusedInputException if a directory does not exist, or an address is malformed
     */
    public static InputRoots parse(Path base, List<String> roots) {
        List<Path> directories = roots.stream()
                .filter(root -> !Storages.isAddress(root))
                .map(root -> real(Path.of(root)))
                .sorted()
                .toList();
        List<StorageRoot> stores = roots.stream()
                .filter(Storages::isAddress)
                .map(InputRoots::store)
                .sorted(Comparator.comparing(root -> -root.prefix().length()))
                .toList();
        boolean present = stores.isEmpty() || Files.isDirectory(base);
        return new InputRoots(present ? real(base) : base.toAbsolutePath().normalize(), directories, stores);
    }

    private static StorageRoot store(String address) {
        try {
            return Storages.root(address);
        } catch (IllegalArgumentException e) {
            throw new RefusedInputException("an allowed address", e.getMessage());
        }
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new RefusedInputException(directory, "is not a readable directory (" + e + "); create it");
        }
    }

    /**
     * Returns the path without symbolic links.
     *
     * @throws RefusedInputException if it does not exist, or lies outside of the allowed directories
     */
    public Path requireInside(Path path) {
        Path real;
        try {
            real = path.toRealPath();
        } catch (java.nio.file.NoSuchFileException e) {
            throw new RefusedInputException(
                    path, "does not exist, or is a symbolic link to a missing file; correct the path");
        } catch (IOException e) {
            throw new RefusedInputException(
                    path, "cannot be read (" + e + "); check its permissions and symbolic links");
        }
        if (allowed.stream().noneMatch(real::startsWith)) {
            throw new RefusedInputException(
                    path,
                    (real.equals(path) ? "lies" : "leads to " + real + ",") + " outside of the allowed directories ("
                            + allowed.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + "); move the file there, or allow its directory");
        }
        return real;
    }

    /**
     * Returns the root that an address lies in.
     *
     * @param address beginning of addresses
     * @throws RefusedInputException naming the allowed ones, if it lies in none
     */
    StorageRoot requireStore(String address) {
        return stores.stream()
                .filter(root -> address.startsWith(root.prefix()))
                .findFirst()
                .orElseThrow(() -> new RefusedInputException(
                        address,
                        "lies outside of the allowed addresses ("
                                + (stores.isEmpty()
                                        ? "none"
                                        : stores.stream()
                                                .map(StorageRoot::prefix)
                                                .sorted()
                                                .collect(Collectors.joining(", ")))
                                + "); copy the files there, or allow the address"));
    }

    /** Returns the name of a file: relative to the base if it lies there, with {@code /}. */
    String name(Path path) {
        Path named = path.startsWith(base) ? base.relativize(path) : path;
        return named.toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}
