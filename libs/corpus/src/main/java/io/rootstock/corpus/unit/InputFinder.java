package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.Storages;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the files of patterns: a file, a directory with everything below it, or a glob such as {@code crawl/**.warc.gz};
 * or an address ({@link StorageFinder}).
 *
 * <p>Below a directory, names that begin with {@code .} or {@code _} are skipped, as Hadoop does, and files with unknown
 * endings are noted and skipped, unless the format of all files is stated. A file that several patterns or links lead to is
 * read once.
 */
final class InputFinder {
    static final Pattern GLOB = Pattern.compile("[*?\\[{]");

    private final InputRoots roots;
    private final Optional<InputFormat> stated;
    private final List<PlanNote> notes;
    private final TreeMap<String, Path> found = new TreeMap<>();

    /** @param stated format of all files; empty: by the name of each file */
    InputFinder(InputRoots roots, Optional<InputFormat> stated, List<PlanNote> notes) {
        this.roots = roots;
        this.stated = stated;
        this.notes = notes;
    }

    /** Returns the files in the order of their names. */
    List<InputFile> find(List<String> patterns) {
        StorageFinder storages = new StorageFinder(roots, stated, notes);
        for (String pattern : patterns) {
            if (Storages.isAddress(pattern)) {
                storages.add(pattern);
                continue;
            }
            int before = found.size();
            boolean repeated = add(pattern);
            if (found.size() == before && !repeated) {
                throw new RefusedInputException(pattern, noMatch(stated.isPresent()));
            }
        }
        Map<Path, String> names = new HashMap<>();
        List<InputFile> files = new ArrayList<>();
        found.forEach((name, path) -> {
            String first = names.putIfAbsent(roots.requireInside(path), name);
            if (first == null) {
                files.add(describe(name, path));
            } else {
                notes.add(new PlanNote(name, "is the same file as " + first + " and is read once"));
            }
        });
        files.addAll(storages.found());
        files.sort(Comparator.comparing(InputFile::name));
        return files;
    }

    /** Reason and remedy for a pattern without files. */
    static String noMatch(boolean stated) {
        return stated
                ? "matches no file; names that begin with '.' or '_' are skipped"
                : "matches no file that can be read; files must end in " + InputFormat.SUPPORTED;
    }

    /** Adds the files of a pattern; returns whether one of them was found before. */
    private boolean add(String pattern) {
        if (GLOB.matcher(pattern).find()) {
            return addGlob(pattern);
        }
        Path path = roots.base().resolve(pattern).normalize();
        roots.requireInside(path);
        if (Files.isDirectory(path)) {
            return walk(path, Integer.MAX_VALUE, _ -> true, true);
        }
        return put(path);
    }

    private boolean addGlob(String pattern) {
        String absolute = Path.of(pattern).isAbsolute() ? pattern : escape(roots.base()) + "/" + pattern;
        PathMatcher matcher = matcher(pattern, absolute);
        String[] components = pattern.split("/");
        int fixed = 0;
        while (!GLOB.matcher(components[fixed]).find()) {
            fixed++;
        }
        String prefix = String.join("/", List.of(components).subList(0, fixed));
        Path start = roots.base()
                .resolve(pattern.startsWith("/") ? prefix + "/" : prefix)
                .normalize();
        roots.requireInside(start);
        int depth = pattern.contains("**") ? Integer.MAX_VALUE : components.length - fixed;
        return walk(start, depth, matcher::matches, false);
    }

    /** Returns the matcher of a glob; refuses one that is malformed. */
    static PathMatcher matcher(String pattern, String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new RefusedInputException(
                    pattern, "is not a glob (" + e.getDescription() + "); write \\ before *, ?, [ and { of a name");
        }
    }

    private static String escape(Path path) {
        return path.toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
    }

    private boolean walk(Path start, int depth, Predicate<Path> wanted, boolean whole) {
        boolean[] repeated = {false};
        try {
            Files.walkFileTree(start, Set.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    if (!directory.equals(start) && isHidden(directory)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    roots.requireInside(directory);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!attributes.isDirectory() && !isHidden(file) && wanted.test(file)) {
                        if (whole && format(file.getFileName().toString()).isEmpty()) {
                            notes.add(new PlanNote(roots.name(file), "has an unknown ending and is not read"));
                        } else {
                            repeated[0] |= put(file);
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    throw refuse(file, failure);
                }
            });
        } catch (IOException e) {
            throw refuse(start, e);
        }
        return repeated[0];
    }

    private static boolean isHidden(Path path) {
        return isHidden(path.getFileName().toString());
    }

    /** Whether files and directories of this name are skipped. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }

    private static RefusedInputException refuse(Path path, IOException failure) {
        return new RefusedInputException(
                path,
                failure instanceof FileSystemLoopException
                        ? "is a symbolic link to a directory above it; remove the link"
                        : "cannot be read (" + failure + "); check its permissions and symbolic links");
    }

    private boolean put(Path file) {
        return found.put(roots.name(file), file) != null;
    }

    private Optional<InputFormat> format(String name) {
        return stated.isPresent() ? stated : InputFormat.of(name);
    }

    private InputFile describe(String name, Path path) {
        FileKind kind = FileKind.of(path, name, stated);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new RefusedInputException(path, "is not a regular file; name a file, a directory or a glob");
            }
            if (!Files.isReadable(path)) {
                throw new RefusedInputException(path, "cannot be read; check its permissions");
            }
            long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return new InputFile(
                    name, new InputPlace.Local(path, modified), kind.format(), kind.compression(), attributes.size());
        } catch (IOException e) {
            throw refuse(path, e);
        }
    }
}
