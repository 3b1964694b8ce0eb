package io.rootstock.bench.reference;

import io.rootstock.bench.source.ProjectFiles;
import io.rootstock.cli.command.training.MixtureSchema;
import io.rootstock.cli.installation.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the pages of {@code docs/reference}, and the generated sections of other documents. */
public final class Reference {
    static final String COMMAND = "docs/reference/generate";
    static final Path FOLDER = Path.of("docs/reference");

    private static final String MARK = ProjectFiles.GENERATED + COMMAND + "; edit the source instead. -->\n\n";

    private Reference() {}

    /** The text of every file that is generated, or has a generated section, by its path in the checkout. */
    static SortedMap<Path, String> files(Path root) throws IOException {
        SortedMap<Path, String> files = new TreeMap<>();
        Map<String, String> pages = new TreeMap<>(CommandReference.pages());
        pages.put("recipes.md", RecipeReference.page());
        pages.put("rpcs.md", RpcReference.page(root));
        pages.put("settings.md", SettingReference.page(root));
        pages.forEach((page, text) -> files.put(FOLDER.resolve(page), MARK + text));
        files.put(FOLDER.resolve("recipe.schema.json"), RecipeReference.schema());
        files.put(FOLDER.resolve("mixture.schema.json"), MixtureSchema.json().toPrettyString() + "\n");
        files.putAll(ModuleReference.documents(root));
        return files;
    }

    /** Writes every file and prints its path. */
    public static void main(String[] arguments) throws IOException {
        Path root = ProjectRoot.find();
        for (Map.Entry<Path, String> file : files(root).entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            System.out.println(file.getKey());
        }
    }
}
