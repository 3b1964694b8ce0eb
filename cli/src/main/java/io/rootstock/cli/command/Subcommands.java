package io.rootstock.cli.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The commands of a group, in the order of its help. Unlike picocli's attribute of the same purpose, it lets an invocation
 * create only the commands that it names.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Subcommands {
    Class<?>[] value();
}
