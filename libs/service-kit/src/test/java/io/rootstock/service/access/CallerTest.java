package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.access.v1.Role;
import io.rootstock.service.access.Caller.Grant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static Caller with(Grant... grants) {
        return new Caller("users/alice", List.of(grants), Optional.empty());
    }

    @Test
    void aPrefixIncludesTheNamesThatBeginWithIt() {
        Caller caller = with(new Grant(Role.ROLE_TRAINER, "models/support-"));

        assertThat(caller.has(Role.ROLE_TRAINER, "models/support-de")).isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support-de/versions/3"))
                .isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support-de:3")).isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support-de@production"))
                .isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support")).isFalse();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/sales")).isFalse();
        assertThat(caller.has(Role.ROLE_TRAINER, "datasets/support-de")).isFalse();
    }

    @Test
    void aPrefixWithASlashIncludesOneModel() {
        Caller caller = with(new Grant(Role.ROLE_TRAINER, "models/support/"));

        assertThat(caller.has(Role.ROLE_TRAINER, "models/support")).isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support/versions/1")).isTrue();
        assertThat(caller.has(Role.ROLE_TRAINER, "models/support-secret")).isFalse();
    }

    @Test
    void rolesIncludeAViewersAndAnAdminsIncludesAll() {
        for (Role role : List.of(Role.ROLE_TRAINER, Role.ROLE_PROMOTER, Role.ROLE_VIEWER, Role.ROLE_ADMIN)) {
            assertThat(with(new Grant(role, "")).has(Role.ROLE_VIEWER, "models/a"))
                    .as("%s", role)
                    .isTrue();
            assertThat(with(Grant.EVERYTHING).has(role, "models/a"))
                    .as("%s", role)
                    .isTrue();
        }
        assertThat(with(new Grant(Role.ROLE_TRAINER, "")).has(Role.ROLE_PROMOTER, "models/a"))
                .isFalse();
        assertThat(with(new Grant(Role.ROLE_PROMOTER, "")).has(Role.ROLE_TRAINER, "models/a"))
                .isFalse();
        assertThat(with(new Grant(Role.ROLE_VIEWER, "")).has(Role.ROLE_TRAINER, "models/a"))
                .isFalse();
    }

    @Test
    void listsAreFilteredByThePrefixesOfTheirCollection() {
        Caller caller = with(
                new Grant(Role.ROLE_VIEWER, "models/support-"),
                new Grant(Role.ROLE_TRAINER, "models/sales/"),
                new Grant(Role.ROLE_TRAINER, "datasets/"));

        assertThat(caller.prefixes(Role.ROLE_VIEWER, "models")).containsExactly("support-", "sales/");
        assertThat(caller.prefixes(Role.ROLE_TRAINER, "models")).containsExactly("sales/");
        assertThat(caller.prefixes(Role.ROLE_VIEWER, "datasets")).containsExactly("");
        assertThat(caller.prefixes(Role.ROLE_VIEWER, "tokenizers")).isEmpty();
        assertThat(Caller.LOCAL.prefixes(Role.ROLE_VIEWER, "models")).containsExactly("");
    }

    @Test
    void everybodyMayActOnTheirOwn() {
        assertThat(with().has(Role.ROLE_ADMIN, "users/alice")).isTrue();
        assertThat(with().has(Role.ROLE_ADMIN, "users/alice2")).isFalse();
        assertThat(with().has(Role.ROLE_ADMIN, "users/alice@example.com")).isFalse();
    }

    @Test
    void aRefusalNamesTheRoleAndTheResource() {
        assertThatThrownBy(() -> with().require(Role.ROLE_PROMOTER, "models/a"))
                .hasMessage(
                        "PERMISSION_DENIED: users/alice lacks the role promoter for models/a; an admin grants it with"
                                + " `rootstock users grant`");
    }

    @Test
    void codeOutsideOfARequestHasNoRole() {
        assertThat(Caller.current()).isEqualTo(Caller.ANONYMOUS);
        assertThat(Caller.current().has(Role.ROLE_VIEWER)).isFalse();
        assertThat(Caller.current().prefixes(Role.ROLE_VIEWER, "models")).isEmpty();
    }
}
