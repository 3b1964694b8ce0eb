package io.rootstock.bench.source;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.RawTextTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java files parsed with the JDK's compiler; names and types are not resolved. */
public final class JavaSources {
    private final DocTrees trees;
    private final List<CompilationUnitTree> units;

    private JavaSources(DocTrees trees, List<CompilationUnitTree> units) {
        this.trees = trees;
        this.units = units;
    }

    /** Parses the files. Throws IllegalStateException with the compiler's message where one has a syntax error. */
    public static JavaSources parse(Collection<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    problem -> {
                        throw new IllegalStateException(problem.toString());
                    },
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new JavaSources(DocTrees.instance(task), units);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One tree for each file, in the order of the files. */
    public List<CompilationUnitTree> units() {
        return units;
    }

    /** The file of a tree. */
    public static Path file(CompilationUnitTree unit) {
        return Path.of(unit.getSourceFile().toUri());
    }

    /** Line of a declaration, from 1; annotations belong to it, its Javadoc does not. */
    public long line(CompilationUnitTree unit, Tree declaration) {
        return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, declaration));
    }

    /** Javadoc of a declaration. */
    public Optional<DocCommentTree> javadoc(TreePath declaration) {
        return Optional.ofNullable(trees.getDocCommentTree(declaration));
    }

    /** A piece of Javadoc as one line of Markdown: code in backticks, links by their text, HTML elements dropped. */
    public String markdown(List<? extends DocTree> javadoc) {
        return javadoc.stream()
                .map(this::markdown)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }

    private String markdown(DocTree tree) {
        return switch (tree) {
            case TextTree text -> text.getBody();
            case RawTextTree raw -> raw.getContent();
            case LiteralTree literal ->
                literal.getKind() == DocTree.Kind.CODE
                        ? "`" + literal.getBody().getBody() + "`"
                        : literal.getBody().getBody();
            case LinkTree link ->
                link.getLabel().isEmpty()
                        ? "`" + link.getReference().getSignature().replaceFirst("^#", "") + "`"
                        : markdown(link.getLabel());
            case EntityTree entity -> {
                String characters = trees.getCharacters(entity);
                yield characters == null ? entity.toString() : characters;
            }
            case StartElementTree _ -> " ";
            case EndElementTree _ -> " ";
            default -> tree.toString();
        };
    }
}
