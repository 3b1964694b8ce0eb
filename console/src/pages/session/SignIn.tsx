import { Alert, Button, Card, Center, Divider, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import { rememberPage } from '../../lib/signIn';

/** Whether users can sign in at the OpenID provider. */
async function isProviderOffered(): Promise<boolean> {
  const offer: unknown = await (await fetch('/session')).json();
  return offer !== null && typeof offer === 'object' && 'openid' in offer && offer.openid === true;
}

/** Sign-in at the OpenID provider, or with an access token for the cookie of a session, which scripts cannot read. */
export function SignIn() {
  const queries = useQueryClient();
  const [parameters] = useSearchParams();
  const provider = useQuery({ queryKey: ['session'], queryFn: isProviderOffered, staleTime: Infinity });
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const response = await fetch('/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    }).catch(() => undefined);
    if (response?.ok) {
      setToken('');
      await queries.invalidateQueries();
      return;
    }
    setFailure(response === undefined ? 'The registry does not answer.' : await reason(response));
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder w={420} component="form" onSubmit={(event) => void submit(event)}>
        <Stack>
          <Title order={1} size="h3">
            Rootstock
          </Title>
          {parameters.get('sign-in') === 'failed' && (
            <Alert color="red">The sign-in at the provider failed. The log of the registry has the reason.</Alert>
          )}
          {provider.data === true && (
            <>
              <Button component="a" href="/session/openid" onClick={rememberPage}>
                Single sign-on
              </Button>
              <Divider label="or" />
            </>
          )}
          <Text size="sm">
            Sign in with an access token (<code>rootstock access-tokens create</code>) or a token of the single sign-on.
          </Text>
          <PasswordInput
            label="Token"
            autoComplete="off"
            required
            value={token}
            error={failure}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <Button type="submit" variant={provider.data === true ? 'default' : 'filled'}>
            Sign in
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}

async function reason(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  return body !== null && typeof body === 'object' && 'message' in body
    ? String(body.message)
    : `The registry answered with ${response.status}.`;
}
