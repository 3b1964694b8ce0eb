package io.rootstock.corpus.worker.token;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.InvalidTokenizerException;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.files.FileTree;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tokenizer of a recipe.
 *
 * @param directory its files, as {@code TokenizerWriter} or Hugging Face write them
 * @param digest {@code sha256:} and 64 hexadecimal digits: the digest of the directory in an artifact store
 * @param tokenizer the tokenizer, read from the files
 */
public record PreparedTokenizer(Path directory, String digest, Tokenizer tokenizer) {
    /** Name of the tokenizer's copy in a workspace, where all workers see it. */
    public static final String COPY = "tokenizer";

    /** Largest size of a tokenizer's files; a directory with the weights of a model is larger. */
    private static final long MAX_BYTES = 256L << 20;

    /**
     * Reads a tokenizer.
     *
     * @param recipe file of the recipe, for errors
     * @throws InvalidFileException if the directory holds no tokenizer, or other files of more than 256 MiB
     */
    public static PreparedTokenizer read(String recipe, Path directory) {
        try {
            long bytes = Files.isDirectory(directory) ? FileTree.size(directory) : 0;
            if (bytes > MAX_BYTES) {
                throw invalid(recipe, directory, "has " + bytes + " bytes, more than " + MAX_BYTES);
            }
            Tokenizer tokenizer = TokenizerReader.read(directory);
            return new PreparedTokenizer(
                    directory, DirectoryManifest.of(directory).digest().value(), tokenizer);
        } catch (IOException | InvalidTokenizerException | ArtifactException e) {
            throw invalid(recipe, directory, "cannot be read: " + e.getMessage());
        }
    }

    private static InvalidFileException invalid(String recipe, Path directory, String reason) {
        return new InvalidFileException(
                recipe,
                0,
                "the directory of its tokenizer, " + directory + ", " + reason,
                "give a directory with tokenizer.json and tokenizer_config.json alone");
    }

    /** Copies the files to a workspace, unless they are there. */
    public void copyTo(Path workspace) throws IOException {
        Path copy = workspace.resolve(COPY);
        if (Files.isDirectory(copy)
                && DirectoryManifest.of(copy).digest().value().equals(digest)) {
            return;
        }
        FileTree.createEmpty(copy);
        for (DirectoryManifest.Entry entry : DirectoryManifest.of(directory).files()) {
            Path file = copy.resolve(entry.path());
            Files.createDirectories(file.getParent());
            Files.copy(directory.resolve(entry.path()), file);
        }
        requireDigest(copy, digest);
    }

    /** Throws {@link IOException} if a directory does not have this digest. */
    static void requireDigest(Path directory, String digest) throws IOException {
        String actual = DirectoryManifest.of(directory).digest().value();
        if (!actual.equals(digest)) {
            throw new IOException("the tokenizer in " + directory + " is " + actual + ", and the job states " + digest
                    + "; run the job again from its recipe, without changing the files");
        }
    }
}
