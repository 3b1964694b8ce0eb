package io.rootstock.dist;

import io.rootstock.cli.demo.SourceArchive;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Puts the files of the download into a folder: links to outputs of the build, and jars without unused parts. */
final class Assembly {
    /** Outputs of Quarkus that the download does not need: libraries are in one folder, caches belong to one machine. */
    private static final Set<String> LEFT_OUT = Set.of("native", "app.aot", "quarkus-app-dependencies.txt");

    private static final Path OUTPUTS = Path.of("target");

    private final Inputs inputs;
    private final Path folder;
    private final TrimmedJar trimmed;
    private final Set<String> changed = new TreeSet<>();

    Assembly(Inputs inputs, Path folder) {
        this.inputs = inputs;
        this.folder = folder;
        this.trimmed = new TrimmedJar(inputs.platform());
    }

    /** Names of the jars that lack parts of the published ones. */
    Set<String> changed() {
        return Collections.unmodifiableSet(changed);
    }

    /** Creates the folder, which must not exist. */
    void run() throws IOException {
        copy(inputs.runtime(), folder.resolve("runtime"), file -> true);
        SourceArchive.write(inputs.sources(), folder.resolve("runtime/lib/src.zip"));
        for (Service service : Service.values()) {
            service(service);
        }
        commandLine();
        // Of a platform without libtorch in Maven Central (libs/torch/fetch-native).
        Path fetched = inputs.module("libs/torch").resolve("native");
        if (Files.isDirectory(fetched)) {
            copy(
                    fetched,
                    folder.resolve("native/libtorch"),
                    file -> file.getFileName().toString().startsWith("lib"));
        }
        copy(
                inputs.module("libs/llama").resolve("native"),
                folder.resolve("native/llama"),
                file -> file.getFileName().toString().startsWith("lib"));
        copy(inputs.project().resolve("dist/download"), folder, file -> true);
        link(inputs.project().resolve("dist/install.sh"), folder.resolve("install.sh"));
        link(inputs.project().resolve("cli/launch.sh"), folder.resolve("lib/launch.sh"));
        link(inputs.project().resolve("cli/train-aot-cache"), folder.resolve("lib/cli/train-aot-cache"));
    }

    private void service(Service service) throws IOException {
        Path target = folder.resolve("services").resolve(service.label());
        if (service == Service.INFERENCE && inputs.inference().isPresent()) {
            link(inputs.inference().get(), target.resolve("inference-service"));
            return;
        }
        Path application = inputs.module(service.label() + "-service").resolve("quarkus-app");
        copy(
                application,
                target,
                file -> !LEFT_OUT.contains(
                        application.relativize(file).getName(0).toString()));
        if (service == Service.INFERENCE) {
            link(inputs.project().resolve("inference-service/train-aot-cache"), target.resolve("train-aot-cache"));
        }
    }

    private void commandLine() throws IOException {
        Path jar = inputs.module("cli").resolve("rootstock-cli.jar");
        Path target = folder.resolve("lib/cli");
        link(jar, target.resolve("rootstock-cli.jar"));
        // The folder beside the jar may hold jars of earlier builds.
        for (String entry : classPath(jar)) {
            jar(jar.resolveSibling(entry), target.resolve(entry));
        }
        if (inputs.commandLine().isPresent()) {
            link(inputs.commandLine().get(), target.resolve("rootstock"));
        }
    }

    private static List<String> classPath(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return List.of(file.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" ", -1));
        }
    }

    private void copy(Path from, Path to, Predicate<Path> included) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(from)) {
            all.filter(file -> !Files.isDirectory(file))
                    .filter(included)
                    .sorted()
                    .forEach(files::add);
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isSymbolicLink(file)) {
                Files.createDirectories(target.getParent());
                Files.createSymbolicLink(target, Files.readSymbolicLink(file));
            } else if (file.toString().endsWith(".jar")) {
                jar(file, target);
            } else {
                link(file, target);
            }
        }
    }

    private void jar(Path jar, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        if (jar.endsWith(StableJar.JAR)) {
            StableJar.write(jar, target);
            return;
        }
        String prefix = "org/bytedeco/";
        String libraries = "/" + inputs.platform().javacpp() + "/";
        libtorch(jar, prefix, libraries);
        if (trimmed.write(jar, target, name -> name.startsWith(prefix) && name.contains(libraries))) {
            changed.add(jar.getFileName().toString());
        } else {
            link(jar, target);
        }
    }

    /**
     * Unpacks libtorch and the libraries that it needs. The others of the jars bind them to Java, which Rootstock does itself, or
     * are the system's.
     */
    private void libtorch(Path jar, String prefix, String libraries) throws IOException {
        if (!jar.getFileName().toString().contains(inputs.platform().javacpp())) {
            return;
        }
        Path target = Files.createDirectories(folder.resolve("native/libtorch"));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Optional<String> name = Optional.of(entry.getName())
                        .filter(path -> path.startsWith(prefix) && path.contains(libraries))
                        .map(path -> path.substring(path.indexOf(libraries) + libraries.length()))
                        .filter(file ->
                                file.matches("lib[^/]+") && !file.matches("libjni.*|libgcc_s.*|libtorch\\.(so|dylib)"));
                if (name.isPresent()) {
                    Path library = target.resolve(name.get());
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, library);
                    }
                    ElfSections.cut(library);
                }
            }
        }
    }

    /** Links an output of the build; copies a source file, so that no change in the folder changes it. */
    private void link(Path file, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Path relative = inputs.project().relativize(file);
        if (StreamSupport.stream(relative.spliterator(), false).anyMatch(OUTPUTS::equals)) {
            FileTree.linkOrCopy(file, target);
        } else {
            Files.copy(file, target);
        }
    }
}
