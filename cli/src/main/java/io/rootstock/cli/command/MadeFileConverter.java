package io.rootstock.cli.command;

import io.rootstock.trainer.v1.GgufFile;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** GGUF files that the trainer makes: parses their names, and lists them as candidates of a completion. */
public final class MadeFileConverter implements ITypeConverter<GgufFile>, Iterable<String> {
    @Override
    public GgufFile convert(String argument) {
        return GgufFile.MADE.stream()
                .filter(file -> file.label().equals(argument.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + GgufFile.MADE + " (case-insensitive) but was '" + argument + "'"));
    }

    @Override
    public Iterator<String> iterator() {
        return GgufFile.MADE.stream().map(GgufFile::name).iterator();
    }
}
