package io.rootstock.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every class of the sources that picocli reads by reflection is registered for the native executable. */
final class CommandTypesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ANNOTATED = Pattern.compile("@(Option|Parameters|Mixin|ArgGroup|Spec)\\b");
    private static final Pattern CONVERTER =
            Pattern.compile("class (\\w+) implements (ITypeConverter|IVersionProvider|CommandLine.ITypeConverter)");

    @Test
    void everyAnnotatedClassIsRegistered() throws IOException {
        List<String> names = CommandTypes.names();
        assertThat(names).hasSizeGreaterThan(150).doesNotHaveDuplicates();
        for (Path source : sources()) {
            String type =
                    SOURCES.relativize(source).toString().replace('/', '.').replaceFirst("\\.java$", "");
            String text = Files.readString(source);
            if (ANNOTATED.matcher(text).find()) {
                assertThat(names).anyMatch(name -> name.equals(type) || name.startsWith(type + "$"));
            }
            Matcher converter = CONVERTER.matcher(text);
            while (converter.find()) {
                String simple = converter.group(1);
                assertThat(names).anyMatch(name -> name.endsWith("." + simple) || name.endsWith("$" + simple));
            }
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
