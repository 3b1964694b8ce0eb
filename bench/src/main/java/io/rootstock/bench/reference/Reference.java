package io.rootstock.bench.reference;

import io.rootstock.bench.source.ProjectFiles;
import io.rootstock.cli.command.training.MixtureSchema;
import io.rootstock.cli.installation.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes the pages of {@code docs/reference}. */
public final class Reference {
    static final String COMMAND = "docs/reference/generate";
    static final String MIXTURE_SCHEMA = "docs/reference/mixture.schema.json";

    private static final String MARK = ProjectFiles.GENERATED + COMMAND + "; edit the source instead. -->\n\n";

    /** A generated page. */
    enum Page {
        COMMANDS,
        RECIPES,
        RPCS,
        SETTINGS;

        Path file(Path root) {
            return root.resolve("docs/reference").resolve(name().toLowerCase(Locale.ROOT) + ".md");
        }

        /** The page's text; {@code root} is a checkout with compiled contracts. */
        String text(Path root) throws IOException {
            return MARK
                    + switch (this) {
                        case COMMANDS -> CommandReference.page();
                        case RECIPES -> RecipeReference.page();
                        case RPCS -> RpcReference.page(root);
                        case SETTINGS -> SettingReference.page(root);
                    };
        }
    }

    private Reference() {}

    /** JSON Schema of mixture files. */
    static String mixtureSchema() {
        return MixtureSchema.json().toPrettyString() + "\n";
    }

    /** Writes every page and prints its path. */
    public static void main(String[] arguments) throws IOException {
        Path root = ProjectRoot.find();
        for (Page page : Page.values()) {
            Files.writeString(page.file(root), page.text(root));
            System.out.println(root.relativize(page.file(root)));
        }
        Path schema = root.resolve(RecipeReference.SCHEMA);
        Files.writeString(schema, RecipeReference.schema());
        System.out.println(root.relativize(schema));
        Path mixture = root.resolve(MIXTURE_SCHEMA);
        Files.writeString(mixture, mixtureSchema());
        System.out.println(root.relativize(mixture));
    }
}
