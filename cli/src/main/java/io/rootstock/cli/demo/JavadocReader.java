package io.rootstock.cli.demo;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ParserConfiguration.LanguageLevel;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Modifier;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.BodyDeclaration;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.TypeDeclaration;
import com.github.javaparser.ast.comments.JavadocComment;
import com.github.javaparser.ast.comments.MarkdownComment;
import com.github.javaparser.ast.nodeTypes.NodeWithModifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the documentation of public types and their visible members from Java sources. */
final class JavadocReader {
    private JavadocReader() {}

    /**
     * Reads one source file.
     *
     * @param path for example {@code java.base/java/util/List.java}
     * @param source content of the file
     * @return the documented public type of the file, if any
     */
    static Optional<DocumentedType> read(String path, String source) {
        if (!mayDocument(source)) {
            return Optional.empty();
        }
        ParserConfiguration configuration = new ParserConfiguration()
                .setLanguageLevel(LanguageLevel.JAVA_25)
                .setDetectOriginalLineSeparator(false);
        ParseResult<CompilationUnit> parsed = new JavaParser(configuration).parse(source);
        return parsed.getResult().flatMap(unit -> type(path, unit));
    }

    /** Whether a file has a comment of documentation, or text that looks like one. */
    static boolean mayDocument(String source) {
        return source.contains("/**") || source.contains("///");
    }

    private static Optional<DocumentedType> type(String path, CompilationUnit unit) {
        int slash = path.indexOf('/');
        String first = slash < 0 ? "" : path.substring(0, slash);
        // Outside the layout of a JDK, the first directory is not a module.
        String module = first.contains(".") ? first : "";
        String packageName = unit.getPackageDeclaration()
                .map(declared -> declared.getNameAsString())
                .orElse("");
        for (TypeDeclaration<?> type : unit.getTypes()) {
            if (type.isPublic()) {
                List<List<String>> comments = new ArrayList<>();
                collect(type, comments);
                return comments.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new DocumentedType(module, packageName, type.getNameAsString(), comments));
            }
        }
        return Optional.empty();
    }

    private static void collect(TypeDeclaration<?> type, List<List<String>> comments) {
        add(type, comments);
        boolean membersArePublic =
                (type instanceof ClassOrInterfaceDeclaration declaration && declaration.isInterface())
                        || type.isAnnotationDeclaration();
        for (BodyDeclaration<?> member : type.getMembers()) {
            if (membersArePublic || isVisible(member)) {
                if (member instanceof TypeDeclaration<?> nested) {
                    collect(nested, comments);
                } else {
                    add(member, comments);
                }
            }
        }
    }

    private static boolean isVisible(BodyDeclaration<?> member) {
        return member instanceof NodeWithModifiers<?> declared
                && (declared.hasModifier(Modifier.Keyword.PUBLIC) || declared.hasModifier(Modifier.Keyword.PROTECTED));
    }

    private static void add(Node node, List<List<String>> comments) {
        node.getComment()
                .filter(JavadocComment.class::isInstance)
                .map(comment -> Prose.paragraphs(comment.getContent(), comment instanceof MarkdownComment))
                .filter(paragraphs -> !paragraphs.isEmpty())
                .ifPresent(comments::add);
    }

    /**
     * A public top-level type with its documentation.
     *
     * @param module module, for example java.base; empty outside a JDK
     * @param packageName package, for example java.util
     * @param name simple name
     * @param comments paragraphs of each comment of the type and its visible members, in source order
     */
    record DocumentedType(String module, String packageName, String name, List<List<String>> comments) {
        /** All distinct paragraphs, one per line. */
        String text() {
            return comments.stream().flatMap(List::stream).distinct().collect(Collectors.joining("\n"));
        }

        String qualifiedName() {
            return packageName + "." + name;
        }
    }
}
