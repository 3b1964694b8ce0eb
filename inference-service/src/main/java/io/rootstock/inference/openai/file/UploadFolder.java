package io.rootstock.inference.openai.file;

import io.rootstock.files.FileTree;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.service.Home;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The folder of files whose request is being received. It is emptied when the service starts. */
@ApplicationScoped
class UploadFolder {
    private final Home home;
    private final InferenceSettings settings;

    @Inject
    UploadFolder(Home home, InferenceSettings settings) {
        this.home = home;
        this.settings = settings;
    }

    @PostConstruct
    void empty() {
        try {
            FileTree.createEmpty(directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + directory(), e);
        }
    }

    /** The folder, which exists. */
    Path directory() {
        return home.directory("inference", "uploads");
    }

    /** Maximum size of a file in bytes. */
    long limit() {
        return settings.fileLimit().asLongValue();
    }
}
