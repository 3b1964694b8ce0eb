package io.rootstock.cli.command;

import picocli.CommandLine.ITypeConverter;

/** Value of {@code --delimiter}: a character; {@code tab} and {@code \t} are a tab. */
public final class DelimiterConverter implements ITypeConverter<String> {
    @Override
    public String convert(String argument) {
        return argument.equals("tab") || argument.equals("\\t") ? "\t" : argument;
    }
}
