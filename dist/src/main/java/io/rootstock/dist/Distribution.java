package io.rootstock.dist;

import io.rootstock.cli.installation.BuildVersion;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** Main class: assembles the download from the outputs of a build and writes its archive (see {@code dist/build}). */
public final class Distribution {
    private static final double MEGABYTE = 1e6;

    private Distribution() {}

    /**
     * Writes the archive and its SHA-256 into {@code target/} of the project.
     *
     * @param arguments root of the project, platform, Java runtime, {@code src.zip}, time of the commit in seconds since 1970,
     *     native executable of the command line or an empty text, of the inference service or an empty text
     */
    public static void main(String[] arguments) throws IOException {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        Inputs inputs = new Inputs(
                project,
                Platform.of(arguments[1]),
                Path.of(arguments[2]),
                Path.of(arguments[3]),
                repository(),
                executable(arguments[5]),
                executable(arguments[6]),
                Instant.ofEpochSecond(Long.parseLong(arguments[4])));
        String name =
                "rootstock-" + BuildVersion.current() + "-" + inputs.platform().label();
        Path folder = project.resolve("target/dist").resolve(name);
        FileTree.delete(folder);
        Assembly assembly = new Assembly(inputs, folder);
        assembly.run();
        describe(inputs, folder, assembly);
        int natives = new NativeCheck(inputs.platform(), folder).check();
        System.out.println(
                "  " + natives + " native files, all for " + inputs.platform().label());
        new SizeTable(folder).lines().forEach(System.out::println);
        Path archive = project.resolve("target").resolve(name + ".tar.zst");
        Path partial = archive.resolveSibling(archive.getFileName() + ".partial");
        new Archive(inputs.time()).write(folder, partial);
        Files.move(partial, archive, StandardCopyOption.REPLACE_EXISTING);
        Archive.writeDigest(archive);
        System.out.printf(Locale.ROOT, "%s: %.1f MB%n", archive, Files.size(archive) / MEGABYTE);
    }

    private static void describe(Inputs inputs, Path folder, Assembly assembly) throws IOException {
        Files.writeString(
                folder.resolve("version.properties"),
                "version=" + BuildVersion.current() + "\nplatform="
                        + inputs.platform().label() + "\n");
        List<Component> components = new ArrayList<>(new JarComponents(inputs, folder, assembly.changed()).find());
        components.addAll(new NativeComponents(folder, components).find());
        components.addAll(new ConsoleComponents(inputs.project().resolve("console")).find());
        new LicenceFolder(folder)
                .write(
                        components,
                        inputs.project().resolve("dist/licenses"),
                        inputs.module("libs/llama").resolve("native/LICENSE"));
        new Sbom(BuildVersion.current(), inputs.platform(), inputs.time())
                .write(components, folder.resolve("sbom.cdx.json"));
        System.out.println("  " + components.size() + " components in sbom.cdx.json");
    }

    private static Optional<Path> executable(String file) {
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    private static Path repository() throws IOException {
        try (InputStream file = Distribution.class.getResourceAsStream("build.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return Path.of(properties.getProperty("repository"));
        }
    }
}
