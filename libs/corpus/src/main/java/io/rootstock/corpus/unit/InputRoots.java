package io.rootstock.corpus.unit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Directories that inputs may lie in.
 *
 * @param base directory that relative patterns start at and names are relative to
 * @param allowed directories, as real paths, outside of which no file is read
 */
public record InputRoots(Path base, List<Path> allowed) {
    /**
     * Resolves the directories.
     *
     * @throws RefusedInputException if one does not exist
     */
    public static InputRoots of(Path base, List<Path> allowed) {
        return new InputRoots(
                real(base), allowed.stream().map(InputRoots::real).sorted().toList());
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

    /** Returns the name of a file: relative to the base if it lies there, with {@code /}. */
    String name(Path path) {
        Path named = path.startsWith(base) ? base.relativize(path) : path;
        return named.toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}
