package io.rootstock.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory in which the services keep what they own: {@code artifacts/}, {@code tokenizer/}, {@code trainer/} and so on. */
@ApplicationScoped
public class Home {
    private final Path directory;

    /** For the proxy that the container makes. */
    Home() {
        directory = Path.of("");
    }

    @Inject
    Home(CommonSettings settings) {
        directory = settings.home().toAbsolutePath().normalize();
    }

    /** The home itself. */
    public Path directory() {
        return directory;
    }

    /** A directory below the home; it is made if it is not there. */
    public Path directory(String first, String... more) {
        Path below = directory.resolve(Path.of(first, more));
        try {
            return Files.createDirectories(below);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + below + " (rootstock.home is " + directory + ")", e);
        }
    }
}
