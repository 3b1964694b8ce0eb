package io.rootstock.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The home directory of the services, with {@code artifacts/}, {@code tokenizer/}, {@code trainer/} and so on. */
@ApplicationScoped
public class Home {
    private final Path directory;

    /** Required by the CDI client proxy. */
    Home() {
        directory = Path.of("");
    }

    @Inject
    Home(CommonSettings settings) {
        directory = settings.home().toAbsolutePath().normalize();
    }

    /** Path of the home directory. */
    public Path directory() {
        return directory;
    }

    /** Returns a directory below the home, which is created if it does not exist. */
    public Path directory(String first, String... more) {
        Path below = directory.resolve(Path.of(first, more));
        try {
            return Files.createDirectories(below);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + below + " (rootstock.home is " + directory + ")", e);
        }
    }
}
