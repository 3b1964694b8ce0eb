package io.rootstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for source files and documents. */
class SourceRulesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static final Set<String> SKIPPED_DIRECTORIES = Set.of(".git", "target", "node_modules");
    private static final Pattern FENCED_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static List<Path> files;
    private static List<Path> sources;

    @BeforeAll
    static void find() throws IOException {
        files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        sources = withEnding(".java");
        assertThat(sources).hasSizeGreaterThan(100);
    }

    @Test
    void noClassIsNamedAfterNothing() {
        assertThat(sources.stream()
                        .map(source -> source.getFileName().toString())
                        .filter(name -> name.matches(".*(Utils?|Manager|Impl|Helper)\\.java")))
                .isEmpty();
    }

    @Test
    void nothingIsLeftToDo() {
        assertThat(sources.stream()
                        .filter(source -> !source.endsWith("SourceRulesTest.java"))
                        .filter(source -> UNFINISHED.matcher(read(source)).find()))
                .isEmpty();
    }

    @Test
    void nothingIsMocked() {
        assertThat(sources.stream()
                        .filter(source -> !source.endsWith("SourceRulesTest.java"))
                        .filter(source -> read(source).contains("org.mockito")))
                .isEmpty();
    }

    @Test
    void everyRelativeLinkResolves() {
        List<String> broken = new ArrayList<>();
        for (Path page : withEnding(".md")) {
            LINK.matcher(withoutCode(read(page)))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !ABSOLUTE.matcher(target).matches())
                    .filter(target -> !resolves(page, target))
                    .map(target -> ROOT.relativize(page) + ": " + target)
                    .forEach(broken::add);
        }
        assertThat(broken).isEmpty();
    }

    private static boolean resolves(Path page, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        return Files.exists(file) && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
    }

    /** The anchors that GitHub gives to the headings of a page. */
    private static Set<String> anchors(Path page) {
        return HEADING.matcher(FENCED_BLOCK.matcher(read(page)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String withoutCode(String document) {
        String text = FENCED_BLOCK
                .matcher(document)
                .replaceAll(block -> "\n".repeat((int) block.group().lines().count() - 1));
        return CODE_SPAN.matcher(text).replaceAll("");
    }

    private static List<Path> withEnding(String ending) {
        return files.stream().filter(file -> file.toString().endsWith(ending)).toList();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
