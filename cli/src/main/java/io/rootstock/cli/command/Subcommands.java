package io.rootstock.cli.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The commands below a command, under one heading of its help and in the order of the help; repeated for more headings. Unlike
 * picocli's attribute of the same purpose, it lets an invocation create only the commands that it names.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Subcommands.Headings.class)
public @interface Subcommands {
    /** Heading of these commands. */
    String heading() default "Commands";

    Class<?>[] value();

    /** The headings of a command's help. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Headings {
        Subcommands[] value();
    }
}
