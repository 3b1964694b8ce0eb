package io.rootstock.registry.model;

import io.rootstock.service.Errors;
import io.rootstock.service.ResourceName;

/**
 * Resource name of a version, {@code models/{model}/versions/{number}}.
 *
 * @param model the model's id
 * @param number the version's number, from 1
 */
public record VersionName(String model, long number) {
    private static final int LONGEST_NUMBER = 18;

    /** Parses a version's resource name; INVALID_ARGUMENT for {@code field} if it is malformed. */
    public static VersionName parse(String name, String field) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !parts[0].equals("models") || !parts[2].equals("versions")) {
            throw Errors.invalidArgument(field, "must be models/{model}/versions/{n}, was '" + name + "'");
        }
        return new VersionName(ResourceName.id(parts[1], field), number(parts[3], field));
    }

    static long number(String digits, String field) {
        if (!digits.matches("[1-9][0-9]*") || digits.length() > LONGEST_NUMBER) {
            throw Errors.invalidArgument(field, "a version is a number from 1, was '" + digits + "'");
        }
        return Long.parseLong(digits);
    }

    @Override
    public String toString() {
        return "models/" + model + "/versions/" + number;
    }
}
