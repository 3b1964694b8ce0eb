import { Alert, Button, Group, Text } from '@mantine/core';
import { message } from '../api/errors';

/** A failure of a request; texts of the services are shown as text. */
export function Failure({ failure, retry }: { failure: unknown; retry?: () => void }) {
  if (failure === null || failure === undefined) {
    return null;
  }
  return (
    <Alert color="red" title="Failed" role="alert">
      <Group justify="space-between">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {message(failure)}
        </Text>
        {retry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={retry}>
            Retry
          </Button>
        )}
      </Group>
    </Alert>
  );
}
