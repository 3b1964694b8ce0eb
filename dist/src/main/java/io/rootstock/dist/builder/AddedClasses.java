package io.rootstock.dist.builder;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Classes that edited classes call, as sources in a folder of each module. */
final class AddedClasses {
    private AddedClasses() {}

    /**
     * Compiles a module's added classes.
     *
     * @param sources folder with a folder of each module
     * @param target has the edited classes, and receives the added ones
     * @throws IOException if they do not compile: the JDK is of another version
     */
    static void compile(PatchedModule module, Path sources, Path target) throws IOException {
        Path root = sources.resolve(module.moduleName());
        Files.createDirectories(target);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (Stream<Path> files = Files.walk(root);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> units = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            boolean compiled = compiler.getTask(
                            messages,
                            manager,
                            null,
                            Stream.concat(
                                            Stream.of("-d", target.toString(), "-XDstringConcat=inline", "-nowarn"),
                                            module.compilerOptions(root, target).stream())
                                    .toList(),
                            null,
                            manager.getJavaFileObjectsFromPaths(units))
                    .call();
            if (!compiled) {
                throw new IOException("this builder is not known: " + messages);
            }
        }
    }
}
