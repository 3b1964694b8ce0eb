import {
  AppShell,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../api/caller';
import { Role } from '../gen/rootstock/access/v1/access_pb';
import type { GetCallerResponse } from '../gen/rootstock/registry/v1/identity_pb';

const PAGES: { path: string; label: string; role: Role }[] = [
  { path: '/', label: 'Overview', role: Role.VIEWER },
  { path: '/jobs', label: 'Jobs', role: Role.VIEWER },
  { path: '/datasets', label: 'Datasets', role: Role.VIEWER },
  { path: '/tokenizers', label: 'Tokenizers', role: Role.VIEWER },
  { path: '/models', label: 'Models', role: Role.VIEWER },
  { path: '/playground', label: 'Playground', role: Role.VIEWER },
  { path: '/serving', label: 'Serving', role: Role.VIEWER },
  { path: '/audit', label: 'Audit', role: Role.ADMIN },
  { path: '/settings', label: 'Settings', role: Role.VIEWER },
];

/** Navigation around a page. */
export function Shell({ caller, children }: { caller: GetCallerResponse; children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 190, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between">
          <Group gap="sm">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Text fw={700}>Rootstock</Text>
          </Group>
          <Account caller={caller} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {PAGES.filter((page) => may(caller, page.role)).map((page) => (
          <NavLink
            key={page.path}
            component={Link}
            href={page.path}
            label={page.label}
            onClick={close}
            active={page.path === '/' ? location === '/' : location.startsWith(page.path)}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>{children}</AppShell.Main>
    </AppShell>
  );
}

function Account({ caller }: { caller: GetCallerResponse }) {
  const queries = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const signOut = async () => {
    await fetch('/session', { method: 'DELETE' });
    queries.clear();
    await queries.invalidateQueries({ queryKey: ['caller'] });
    window.location.reload();
  };
  return (
    <Group gap="xs">
      <Text size="sm" visibleFrom="xs">
        {caller.name}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
        {scheme === 'dark' ? 'Light' : 'Dark'}
      </Button>
      {caller.name !== 'users/local' && (
        <Button size="compact-sm" variant="default" onClick={() => void signOut()}>
          Sign out
        </Button>
      )}
    </Group>
  );
}
