package io.rootstock.cli.command.data;

import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.Recipe;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recipe of a command. */
final class RecipeArgument {
    private static final int MAX_NAME_LENGTH = 63;

    @Parameters(paramLabel = "RECIPE", description = "YAML file (docs/reference/recipes.md)")
    private Path file;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Directory that relative paths of the recipe start at, on the tokenizer service's machine"
                    + " [default: the recipe's directory]")
    private Path directory;

    /** Reads the recipe. */
    Recipe read() {
        try {
            Path base = directory == null ? file.toAbsolutePath().getParent() : directory.toAbsolutePath();
            return Recipe.newBuilder()
                    .setFileName(file.toString())
                    .setText(Files.readString(file, StandardCharsets.UTF_8))
                    .setDirectory(base.normalize().toString())
                    .build();
        } catch (CharacterCodingException e) {
            throw new CliException("RECIPE " + file + " is not UTF-8", "store the file as UTF-8");
        } catch (IOException e) {
            throw new CliException("cannot read RECIPE " + file + ": " + e.getMessage(), "check the path");
        }
    }

    /** Name of a corpus from the file name: {@code web} from {@code Web.yaml}. */
    String name() {
        String plain = file.getFileName()
                .toString()
                .replaceFirst("\\.ya?ml$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        if (plain.isEmpty() || plain.length() > MAX_NAME_LENGTH) {
            throw new CliException("the file name of " + file + " gives no name of a corpus", "use --name NAME");
        }
        return plain;
    }
}
