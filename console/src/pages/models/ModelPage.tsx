import { Alert, Anchor, Badge, Button, Group, Table, Tabs, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'wouter';
import { may, useCaller } from '../../api/caller';
import { models } from '../../api/clients';
import { follow } from '../../api/follow';
import { PAGE } from '../../api/lists';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { Role } from '../../gen/rootstock/access/v1/access_pb';
import type { Alias } from '../../gen/rootstock/registry/v1/alias_pb';
import { type Version, VersionKind } from '../../gen/rootstock/registry/v1/version_pb';
import { bytes, enumLabel, figure, id, time, versionLabel } from '../../lib/format';
import { useUrlState } from '../../lib/url';
import { useVisible } from '../../lib/visible';
import { AliasHistory } from './AliasHistory';
import { Evaluations } from './Evaluations';
import { Lineage } from './Lineage';
import { Promotion } from './Promotion';
import { Rollback } from './Rollback';

/** A model: aliases, versions, lineage, and the history of its aliases. */
export default function ModelPage() {
  const name = `models/${useParams<{ model: string }>().model}`;
  const caller = useCaller();
  const [tab, setTab] = useUrlState('tab', 'versions');
  const model = useQuery({ queryKey: ['model', name], queryFn: () => models.getModel({ name }) });
  const versions = useQuery({
    queryKey: ['model', name, 'versions'],
    queryFn: () => models.listVersions({ model: name, pageSize: PAGE }),
  });
  const connected = useModelChanges(name);
  const aliases = model.data?.model?.aliases ?? [];
  const promoter = may(caller.data, Role.PROMOTER, name);
  return (
    <Page title={name}>
      {!connected && <Alert color="yellow">The connection is lost; the page reconnects.</Alert>}
      <Failure failure={model.error ?? versions.error} retry={() => void model.refetch()} />
      <Text size="sm">{model.data?.model?.description}</Text>
      <Group>
        {aliases.map((alias) => (
          <AliasCard key={alias.name} alias={alias} promoter={promoter} />
        ))}
      </Group>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'versions')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="evaluations">Evaluations</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="versions" pt="md">
          <Versions model={name} versions={versions.data?.versions ?? []} aliases={aliases} promoter={promoter} />
        </Tabs.Panel>
        <Tabs.Panel value="evaluations" pt="md">
          <Evaluations model={name} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage" pt="md">
          <Lineage model={name} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          {aliases.map((alias) => (
            <AliasHistory key={alias.name} alias={alias.name} />
          ))}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** Reads the model again when it changes: an alias, a version, a tag. Returns whether the stream is connected. */
function useModelChanges(model: string): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  const visible = useVisible();
  useEffect(() => {
    if (!visible) {
      return undefined;
    }
    const abort = new AbortController();
    follow({
      signal: abort.signal,
      open: (_, signal) => models.watchModels({ filter: `name = "${model}"` }, { signal }),
      position: () => '',
      receive: () => void queries.invalidateQueries({ queryKey: ['model', model] }),
      connected: setConnected,
    }).catch(() => setConnected(false));
    return () => abort.abort();
  }, [model, visible, queries]);
  return connected;
}

function AliasCard({ alias, promoter }: { alias: Alias; promoter: boolean }) {
  return (
    <Group gap="xs">
      <Badge variant="light" size="lg" style={{ textTransform: 'none' }}>
        {id(alias.name)} → {id(alias.version)}
      </Badge>
      {alias.canary && (
        <Text size="sm">
          canary {id(alias.canary.version)} ({alias.canary.percent} %{alias.canary.shadow ? ', shadow' : ''})
        </Text>
      )}
      {promoter && <Rollback alias={alias} />}
    </Group>
  );
}

function Versions({
  model,
  versions,
  aliases,
  promoter,
}: {
  model: string;
  versions: Version[];
  aliases: Alias[];
  promoter: boolean;
}) {
  const [promoted, setPromoted] = useState('');
  const metrics = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].toSorted().slice(0, 6);
  return (
    <>
      <Table.ScrollContainer minWidth={800}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              {['Version', 'Kind', 'Parent', 'Job', 'Dataset', ...metrics, 'Files', 'Created', ''].map((header) => (
                <Table.Th key={header}>{header}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((version) => (
              <Table.Tr key={version.name}>
                <Table.Td>{id(version.name)}</Table.Td>
                <Table.Td>{enumLabel(VersionKind, version.kind)}</Table.Td>
                <Table.Td>{version.parent && versionLabel(version.parent)}</Table.Td>
                <Table.Td>
                  {version.job && (
                    <Anchor component={Link} href={`/jobs/${id(version.job)}`} size="sm">
                      {id(version.job).slice(0, 12)}
                    </Anchor>
                  )}
                </Table.Td>
                <Table.Td>{id(version.dataset)}</Table.Td>
                {metrics.map((metric) => (
                  <Table.Td key={metric}>
                    {version.metrics[metric] === undefined ? '–' : figure(version.metrics[metric])}
                  </Table.Td>
                ))}
                <Table.Td>
                  {version.artifacts.length} (
                  {bytes(version.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0n))})
                </Table.Td>
                <Table.Td>{time(version.createTime)}</Table.Td>
                <Table.Td>
                  {promoter && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Promote ${versionLabel(version.name)}`}
                      onClick={() => setPromoted(version.name)}
                    >
                      Promote
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {promoted !== '' && (
        <Promotion model={model} version={promoted} aliases={aliases} close={() => setPromoted('')} />
      )}
    </>
  );
}
