package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.Storages;
import io.rootstock.corpus.storage.StoredObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds the files of addresses: a file, a prefix with everything below it, or a glob such as
 * {@code s3://crawl/2026/*.jsonl.gz}, with the rules of {@link InputFinder} for names and endings.
 *
 * <p>A pattern lists at most {@value #MAX_LISTED} files. Files are in the order of their addresses.
 */
final class StorageFinder {
    /** Largest number of files that begin with the part of a pattern before its first glob character. */
    static final int MAX_LISTED = 1_000_000;

    private static final String SEPARATOR = "://";

    private final InputRoots roots;
    private final Optional<InputFormat> stated;
    private final List<PlanNote> notes;
    private final TreeMap<String, InputFile> found = new TreeMap<>();

    /** @param stated format of all files; empty: by the name of each file */
    StorageFinder(InputRoots roots, Optional<InputFormat> stated, List<PlanNote> notes) {
        this.roots = roots;
        this.stated = stated;
        this.notes = notes;
    }

    /** Files in the order of their addresses. */
    Collection<InputFile> found() {
        return found.values();
    }

    /**
     * Adds the files of a pattern.
     *
     * @throws RefusedInputException if it is malformed, lies outside of the allowed addresses, or matches no file, or if the
     *     storage refuses the request
     */
    void add(String pattern) {
        requireWellFormed(pattern);
        try {
            boolean glob = InputFinder.GLOB.matcher(pattern).find();
            if (glob ? !addGlob(pattern) : !addNamed(pattern)) {
                throw new RefusedInputException(pattern, InputFinder.noMatch(stated.isPresent()));
            }
        } catch (StorageException e) {
            throw new RefusedInputException(pattern, e.reason());
        }
    }

    private static void requireWellFormed(String pattern) {
        int begin = pattern.indexOf(SEPARATOR) + SEPARATOR.length();
        int slash = pattern.indexOf('/', begin);
        String container = pattern.substring(begin, slash < 0 ? pattern.length() : slash);
        if (container.contains("@")) {
            throw new RefusedInputException(
                    pattern.substring(0, begin) + "...@" + container.substring(container.lastIndexOf('@') + 1),
                    "has credentials; remove them, credentials come from the environment of the process");
        }
        if (container.contains("?") || pattern.contains("?endpoint=") || pattern.contains("?region=")) {
            throw new RefusedInputException(
                    pattern, "has parameters; write them into the allowed address, not into the recipe");
        }
        try {
            Storages.provider(pattern);
        } catch (IllegalArgumentException e) {
            throw new RefusedInputException(pattern, e.getMessage());
        }
        if (container.isEmpty() || InputFinder.GLOB.matcher(container).find()) {
            throw new RefusedInputException(pattern, "names no bucket; write scheme://BUCKET/KEY");
        }
        if (Arrays.stream(pattern.substring(begin).split("/", -1))
                .anyMatch(part -> part.equals(".") || part.equals(".."))) {
            throw new RefusedInputException(pattern, "has '.' or '..' between slashes; write the whole key");
        }
    }

    /** Adds a file, or the files below a prefix; returns whether there is one. */
    private boolean addNamed(String pattern) throws StorageException {
        String below = pattern.endsWith("/") ? pattern : pattern + "/";
        StorageRoot root = roots.requireStore(pattern.equals(below) || isRoot(below) ? below : pattern);
        if (!pattern.endsWith("/") && !isRoot(below)) {
            Optional<StoredObject> file = root.find(pattern);
            if (file.isPresent()) {
                put(root, file.get());
                return true;
            }
        }
        return list(root, below, false, below.length(), _ -> true, object -> {
            if (stated.isEmpty() && InputFormat.of(object.address()).isEmpty()) {
                notes.add(new PlanNote(object.address(), "has an unknown ending and is not read"));
                return false;
            }
            return true;
        });
    }

    private boolean isRoot(String below) {
        return roots.stores().stream().anyMatch(root -> root.prefix().equals(below));
    }

    private boolean addGlob(String pattern) throws StorageException {
        int literal = 0;
        while ("*?[{\\".indexOf(pattern.charAt(literal)) < 0) {
            literal++;
        }
        String beginning = pattern.substring(0, literal);
        StorageRoot root = roots.requireStore(beginning);
        int key = pattern.indexOf('/', pattern.indexOf(SEPARATOR) + SEPARATOR.length()) + 1;
        PathMatcher matcher = InputFinder.matcher(pattern, pattern.substring(key));
        boolean flat = pattern.indexOf('/', literal) < 0 && !pattern.contains("**");
        return list(
                root,
                beginning,
                flat,
                beginning.lastIndexOf('/') + 1,
                address -> matches(matcher, address, key),
                _ -> true);
    }

    private boolean matches(PathMatcher matcher, String address, int key) {
        try {
            return matcher.matches(Path.of(address.substring(key)));
        } catch (InvalidPathException e) {
            notes.add(new PlanNote(address, "has a name that no pattern matches (" + e.getReason() + ")"));
            return false;
        }
    }

    /**
     * Adds the files with a beginning.
     *
     * @param start index after the slash behind which hidden names are skipped
     * @return whether one is read
     */
    private boolean list(
            StorageRoot root,
            String beginning,
            boolean flat,
            int start,
            Predicate<String> wanted,
            Predicate<StoredObject> readable)
            throws StorageException {
        List<StoredObject> objects = new ArrayList<>();
        Consumer<StoredObject> collect = object -> {
            String address = object.address();
            boolean directory = address.endsWith("/") && object.bytes() == 0;
            if (!directory && !isHidden(address.substring(start)) && wanted.test(address) && readable.test(object)) {
                objects.add(object);
            }
        };
        root.list(beginning, flat, MAX_LISTED, collect);
        objects.forEach(object -> put(root, object));
        return !objects.isEmpty();
    }

    private static boolean isHidden(String names) {
        return Arrays.stream(names.split("/", -1)).anyMatch(InputFinder::isHidden);
    }

    private void put(StorageRoot root, StoredObject object) {
        String address = object.address();
        FileKind kind = FileKind.of(address, address, stated);
        InputPlace place = new InputPlace.Stored(root, address, object.version());
        found.put(address, new InputFile(address, place, kind.format(), kind.compression(), object.bytes()));
    }
}
