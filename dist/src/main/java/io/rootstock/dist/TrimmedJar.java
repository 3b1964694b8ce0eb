package io.rootstock.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Copies jars without the native libraries that the platform cannot load. */
final class TrimmedJar {
    /** File names of libraries of all systems; no platform loads static ones. */
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so(\\.\\d+)*|dylib|jnilib|dll|a)");

    private final Platform platform;

    TrimmedJar(Platform platform) {
        this.platform = platform;
    }

    /**
     * Writes a copy of the jar without libraries of other platforms and without the entries that {@code removed} names. The
     * copy depends only on the jar's content.
     *
     * @return whether something was removed; if not, nothing is written
     */
    boolean write(Path jar, Path target, Predicate<String> removed) throws IOException {
        try (ZipFile source = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = Collections.list(source.entries());
            Set<String> unused = new HashSet<>();
            for (ZipEntry entry : entries) {
                if (!entry.isDirectory() && (removed.test(entry.getName()) || isForeign(source, entry))) {
                    unused.add(entry.getName());
                }
            }
            if (unused.isEmpty()) {
                return false;
            }
            List<ZipEntry> kept = new ArrayList<>(entries);
            kept.removeIf(entry -> unused.contains(entry.getName()));
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
                for (ZipEntry entry : kept) {
                    ZipEntry copy = new ZipEntry(entry.getName());
                    copy.setTimeLocal(entry.getTimeLocal());
                    zip.putNextEntry(copy);
                    try (InputStream in = source.getInputStream(entry)) {
                        in.transferTo(zip);
                    }
                    zip.closeEntry();
                }
            }
            return true;
        }
    }

    /** The native files in a jar that the platform cannot load. */
    List<String> foreign(Path jar) throws IOException {
        List<String> found = new ArrayList<>();
        try (ZipFile source = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(source.entries())) {
                if (!entry.isDirectory() && isForeign(source, entry)) {
                    found.add(entry.getName());
                }
            }
        }
        return found;
    }

    private boolean isForeign(ZipFile source, ZipEntry entry) throws IOException {
        if (!LIBRARY.matcher(entry.getName()).matches()) {
            return false;
        }
        try (InputStream in = source.getInputStream(entry)) {
            return NativeFile.read(in)
                    .filter(file -> platform.runs(entry.getName(), file))
                    .isEmpty();
        }
    }
}
