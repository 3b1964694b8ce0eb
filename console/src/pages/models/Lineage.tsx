import { Alert, Badge, Group, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { models } from '../../api/clients';
import { Failure } from '../../components/Failure';
import type { LineageNode } from '../../gen/rootstock/registry/v1/version_pb';
import { id, versionLabel } from '../../lib/format';

/** The versions from which the newest version of a model was made, and their descendants, with their data. */
export function Lineage({ model }: { model: string }) {
  const lineage = useQuery({
    queryKey: ['model', model, 'lineage'],
    queryFn: () => models.getLineage({ name: `${model}@latest` }),
  });
  return (
    <>
      <Failure failure={lineage.error} />
      {lineage.data?.truncated && <Alert color="gray">More than 1000 versions: the newest are left out.</Alert>}
      {lineage.data?.root && (
        <List listStyleType="none" withPadding={false}>
          <Node node={lineage.data.root} model={model} />
        </List>
      )}
    </>
  );
}

function Node({ node, model }: { node: LineageNode; model: string }) {
  const name = node.version?.name ?? '';
  return (
    <List.Item>
      <Group gap="xs">
        <Text size="sm" fw={name.startsWith(`${model}/`) ? 700 : 400}>
          {versionLabel(name)}
        </Text>
        <Text size="sm" c="dimmed">
          {[node.version?.dataset, node.version?.tokenizer]
            .filter((each) => each)
            .map((each) => id(each ?? ''))
            .join(', ')}
        </Text>
        {node.aliases.map((alias) => (
          <Badge key={alias} variant="light" style={{ textTransform: 'none' }}>
            {id(alias)}
          </Badge>
        ))}
      </Group>
      {node.children.length > 0 && (
        <List listStyleType="none" withPadding>
          {node.children.map((child) => (
            <Node key={child.version?.name} node={child} model={model} />
          ))}
        </List>
      )}
    </List.Item>
  );
}
