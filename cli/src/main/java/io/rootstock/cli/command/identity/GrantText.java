package io.rootstock.cli.command.identity;

import io.rootstock.access.v1.Role;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.Grant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A grant as text: {@code ROLE} or {@code ROLE:PREFIX}, such as {@code trainer:models/support-}. */
final class GrantText implements ITypeConverter<Grant> {
    @Override
    public Grant convert(String value) {
        int colon = value.indexOf(':');
        String role = colon < 0 ? value : value.substring(0, colon);
        return Grant.newBuilder()
                .setRole(
                        switch (role.toLowerCase(Locale.ROOT)) {
                            case "viewer" -> Role.ROLE_VIEWER;
                            case "trainer" -> Role.ROLE_TRAINER;
                            case "promoter" -> Role.ROLE_PROMOTER;
                            case "admin" -> Role.ROLE_ADMIN;
                            default ->
                                throw new TypeConversionException(
                                        "must be viewer, trainer, promoter or admin, and may be followed by a prefix,"
                                                + " such as trainer:models/support-, was '" + value + "'");
                        })
                .setPrefix(value.substring(role.length() + (colon < 0 ? 0 : 1)))
                .build();
    }

    static String of(Grant grant) {
        return Labels.of(grant.getRole()) + (grant.getPrefix().isEmpty() ? "" : ":" + grant.getPrefix());
    }

    static String of(List<Grant> grants, String separator) {
        return grants.isEmpty() ? "-" : grants.stream().map(GrantText::of).collect(Collectors.joining(separator));
    }
}
