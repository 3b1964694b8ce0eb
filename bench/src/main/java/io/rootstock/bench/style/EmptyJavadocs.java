package io.rootstock.bench.style;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import io.rootstock.bench.source.JavaSources;
import io.rootstock.bench.source.ProjectFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Javadoc that says nothing. A comment is empty if it has no block tag of three or more words, and its text
 *
 * <ul>
 *   <li>has fewer than three words and neither code nor symbols (a shape, an example of the format), or
 *   <li>refers to something else without naming it ("The same.", "As above."), or
 *   <li>repeats the words of the name it documents and adds only articles, prepositions and forms of "be".
 * </ul>
 */
final class EmptyJavadocs {
    private static final int FEWEST_WORDS = 3;

    private static final Pattern REFERENCE = Pattern.compile(
            "(?i)(and |also )?(the same( again)?|(as|see) ((given|stated|described|shown) )?(above|below|before|there)|likewise"
                    + "|how (many|much|long|often|large)( (it|they) (is|are))?|what (it|they) (is|are|does|do))\\.?");

    private static final Pattern SYMBOLS = Pattern.compile("[`\\[\\]{}<>=%]");

    private static final Set<String> FUNCTION_WORDS = Set.of(
            "a", "an", "the", "its", "their", "this", "that", "these", "one", "of", "to", "for", "from", "in", "on",
            "by", "with", "and", "is", "are", "be", "it", "s");

    private EmptyJavadocs() {}

    /** Every empty comment of the sources, in order of file and line. */
    static List<Place> find(ProjectFiles files, JavaSources sources) {
        List<Place> places = new ArrayList<>();
        for (CompilationUnitTree unit : sources.units()) {
            String file = files.relative(JavaSources.file(unit));
            find(sources, unit)
                    .forEach(found -> places.add(new Place(
                            file, sources.line(unit, found.declaration()), found.name() + ": " + found.text())));
        }
        return places;
    }

    private record Found(Tree declaration, String name, String text) {}

    private static List<Found> find(JavaSources sources, CompilationUnitTree unit) {
        List<Found> found = new ArrayList<>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitPackage(PackageTree declaration, Void none) {
                check(declaration, "");
                return super.visitPackage(declaration, null);
            }

            @Override
            public Void visitClass(ClassTree declaration, Void none) {
                check(declaration, declaration.getSimpleName().toString());
                return super.visitClass(declaration, null);
            }

            @Override
            public Void visitMethod(MethodTree declaration, Void none) {
                check(declaration, declaration.getName().toString());
                return super.visitMethod(declaration, null);
            }

            @Override
            public Void visitVariable(VariableTree declaration, Void none) {
                check(declaration, declaration.getName().toString());
                return super.visitVariable(declaration, null);
            }

            private void check(Tree declaration, String name) {
                sources.javadoc(getCurrentPath())
                        .filter(comment -> !hasTagWithText(sources, comment))
                        .map(comment -> sources.markdown(comment.getFullBody()))
                        .filter(text -> isEmpty(text, name))
                        .ifPresent(text -> found.add(new Found(declaration, name, text)));
            }
        }.scan(unit, null);
        return found;
    }

    private static boolean hasTagWithText(JavaSources sources, DocCommentTree comment) {
        return comment.getBlockTags().stream()
                .map(tag -> sources.markdown(List.<DocTree>of(tag)))
                .anyMatch(tag -> words(tag).size() > FEWEST_WORDS);
    }

    /** Whether a comment's text, as Markdown, says nothing about the declaration of that name. */
    static boolean isEmpty(String text, String name) {
        if (words(text).size() < FEWEST_WORDS) {
            return !SYMBOLS.matcher(text).find();
        }
        if (REFERENCE.matcher(text.strip()).matches()) {
            return true;
        }
        Set<String> ofName = Arrays.stream(name.split("(?<=[a-z0-9])(?=[A-Z])|_", -1))
                .map(EmptyJavadocs::stem)
                .collect(Collectors.toSet());
        return !name.isEmpty()
                && words(text).stream()
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .filter(word -> !FUNCTION_WORDS.contains(word))
                        .map(EmptyJavadocs::stem)
                        .allMatch(ofName::contains);
    }

    private static String stem(String word) {
        return word.toLowerCase(Locale.ROOT).replaceFirst("(?<=[^s])s$", "");
    }

    private static List<String> words(String text) {
        return Stream.of(text.split("[^\\p{L}\\p{N}]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
