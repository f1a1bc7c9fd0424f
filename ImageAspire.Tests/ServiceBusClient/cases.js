// Tries the official client on an emulator: node cases.js AMQP-CONNECTION-STRING ADMINISTRATION-CONNECTION-STRING.
// Prints a line for each case: "ok NAME", or "failed NAME: why". The entities are those of ServiceBusClient/Config.json.
import assert from 'node:assert/strict';
import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';

const [connection, administrationConnection] = process.argv.slice(2);
const patience = 60_000;
const long = { maxWaitTimeInMs: 20_000 };
const briefly = { maxWaitTimeInMs: 300 };
const client = new ServiceBusClient(connection, { retryOptions: { maxRetries: 1, retryDelayInMs: 50, timeoutInMs: 20_000 } });

const cases = {
  async content() {
    const sender = client.createSender('content');
    await sender.sendMessages({
      body: { a: [1, 'ä', null] }, messageId: 'm', subject: 'red', correlationId: 'c', to: 't', replyTo: 'r', contentType: 'application/json', timeToLive: 60_000,
      applicationProperties: { number: 1, text: 'x', truth: true },
    });
    await receiving('content', {}, async receiver => {
      const message = await one(receiver);
      assert.deepEqual(message.body, { a: [1, 'ä', null] });
      assert.deepEqual([message.messageId, message.subject, message.correlationId, message.to, message.replyTo, message.contentType, message.timeToLive],
        ['m', 'red', 'c', 't', 'r', 'application/json', 60_000]);
      assert.deepEqual(message.applicationProperties, { number: 1, text: 'x', truth: true });
      assert.ok(message.sequenceNumber.toNumber() > 0 && message.lockedUntilUtc > message.enqueuedTimeUtc);
      await receiver.completeMessage(message);
      assert.equal((await receiver.receiveMessages(1, briefly)).length, 0);
    });
  },

  async batches() {
    const sender = client.createSender('batches');
    const batch = await sender.createMessageBatch();
    for (let i = 0; i < 50; i++) assert.ok(batch.tryAddMessage({ body: i }));
    await sender.sendMessages(batch);
    await sender.sendMessages([{ body: 50 }, { body: 51 }]);
    await receiving('batches', { receiveMode: 'receiveAndDelete' }, async receiver => {
      const bodies = [];
      while (bodies.length < 52) bodies.push(...(await some(receiver, 30)).map(message => message.body));
      assert.deepEqual(bodies, [...Array(52).keys()]);
    });
  },

  async 'settlement'() {
    const sender = client.createSender('settlement');
    await sender.sendMessages({ body: 'x' });
    await receiving('settlement', {}, async receiver => {
      await receiver.abandonMessage(await one(receiver), { tried: 1 });
      const again = await one(receiver);
      assert.deepEqual([again.applicationProperties.tried, again.deliveryCount], [1, 1]);
      await receiver.deadLetterMessage(again, { deadLetterReason: 'reason', deadLetterErrorDescription: 'description', why: 'me' });
      await receiving('settlement', { subQueueType: 'deadLetter' }, async dead => {
        const letter = await one(dead);
        assert.deepEqual([letter.deadLetterReason, letter.deadLetterErrorDescription, letter.applicationProperties.why], ['reason', 'description', 'me']);
        await dead.completeMessage(letter);
      });
      await sender.sendMessages({ body: 'later' });
      const message = await one(receiver);
      await receiver.deferMessage(message);
      const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
      assert.equal(deferred.body, 'later');
      await receiver.completeMessage(deferred);
    });
  },

  async 'peek and renew'() {
    await client.createSender('peek').sendMessages([{ body: 1 }, { body: 2 }]);
    await receiving('peek', {}, async receiver => {
      assert.deepEqual((await receiver.peekMessages(5)).map(message => message.body), [1, 2]);
      const message = await one(receiver);
      assert.ok(await receiver.renewMessageLock(message) > new Date());
      await receiver.completeMessage(message);
    });
  },

  async schedule() {
    const sender = client.createSender('schedule');
    const [number] = await sender.scheduleMessages({ body: 'cancelled' }, new Date(Date.now() + 60_000));
    await sender.cancelScheduledMessages(number);
    await sender.scheduleMessages([{ body: 'soon' }], new Date(Date.now() + 500));
    await receiving('schedule', { receiveMode: 'receiveAndDelete' }, async receiver => assert.equal((await one(receiver)).body, 'soon'));
  },

  async 'topic and filters'() {
    await client.createSender('topic').sendMessages([{ body: 1, subject: 'red' }, { body: 2, applicationProperties: { color: 'blue' } }]);
    for (const [subscription, bodies] of [['red', [1]], ['blue', [2]], ['all', [1, 2]]]) {
      const receiver = client.createReceiver('topic', subscription, { receiveMode: 'peekLock' });
      assert.deepEqual((await receiver.peekMessages(5)).map(message => message.body), bodies);
      await receiver.close();
    }
  },

  async rules() {
    const rules = client.createRuleManager('topic', 'ruled');
    await rules.deleteRule('$Default');
    await rules.createRule('equal', { subject: 'green', applicationProperties: { number: 1 } });
    await rules.createRule('sql', { sqlExpression: "sys.Label = 'sql'" }, { sqlExpression: "SET seen = 'yes'" });
    const found = [];
    for await (const rule of rules.listRules()) found.push(rule);
    assert.deepEqual(found.map(rule => rule.name).sort(), ['equal', 'sql']);
    assert.deepEqual(found.find(rule => rule.name === 'equal').filter.applicationProperties, { number: 1 });
  },

  async subscribe() {
    const receiver = client.createReceiver('streaming');
    const errors = [];
    let [now, most, count] = [0, 0, 0];
    await new Promise((resolve, reject) => {
      receiver.subscribe({
        async processMessage() {
          most = Math.max(most, ++now);
          await new Promise(next => setTimeout(next, 20));
          now--;
          if (++count === 40) resolve();
        },
        async processError({ error }) { errors.push(error.message); },
      }, { maxConcurrentCalls: 4 });
      client.createSender('streaming').sendMessages([...Array(40).keys()].map(body => ({ body }))).catch(reject);
    });
    await receiver.close();
    assert.deepEqual([most, errors], [4, []]);
  },

  async sessions() {
    const sender = client.createSender('sessions');
    await sender.sendMessages([{ body: 1, sessionId: 'one' }, { body: 2, sessionId: 'one' }]);
    const session = await client.acceptSession('sessions', 'one');
    assert.deepEqual((await some(session, 2)).map(message => message.body), [1, 2]);
    await session.setSessionState('half');
    assert.equal(await session.getSessionState(), 'half');
    assert.ok(await session.renewSessionLock() > new Date());
    await session.close();
    await sender.sendMessages({ body: 3, sessionId: 'two' });
    await assert.rejects(client.acceptSession('sessions', 'two').then(async held => {
      try {
        await client.acceptSession('sessions', 'two');
      } finally {
        await held.close();
      }
    }), { code: 'SessionCannotBeLocked' });
  },

  async 'an entity that is not there'() {
    const receiver = client.createReceiver('nothing');
    await assert.rejects(receiver.receiveMessages(1, briefly), { code: 'MessagingEntityNotFound' });
    await receiver.close();
  },

  async administration() {
    // This client knows https alone, also with UseDevelopmentEmulator=true.
    const administration = new ServiceBusAdministrationClient(administrationConnection, { allowInsecureConnection: true });
    administration.pipeline.addPolicy({
      name: 'http',
      sendRequest(request, next) {
        request.url = request.url.replace('https://', 'http://');
        request.allowInsecureConnection = true;
        return next(request);
      },
    });
    await administration.createTopic('made', { requiresDuplicateDetection: true });
    assert.equal((await administration.getTopic('made')).requiresDuplicateDetection, true);
    await administration.createSubscription('made', 'sub', { maxDeliveryCount: 4 });
    assert.equal((await administration.getSubscription('made', 'sub')).maxDeliveryCount, 4);
    await administration.createRule('made', 'sub', 'rule', { subject: 'x' });
    const rules = [];
    for await (const rule of administration.listRules('made', 'sub')) rules.push(rule.name);
    assert.deepEqual(rules.sort(), ['$Default', 'rule']);
    assert.equal((await administration.getSubscriptionRuntimeProperties('made', 'sub')).activeMessageCount, 0);
    await administration.deleteTopic('made');
    assert.equal(await administration.topicExists('made'), false);
  },
};

async function receiving(queue, options, body) {
  const receiver = client.createReceiver(queue, options);
  try {
    await body(receiver);
  } finally {
    await receiver.close();
  }
}

async function some(receiver, most) {
  const messages = [];
  while (messages.length === 0) messages.push(...await receiver.receiveMessages(most, long));
  return messages;
}

const one = async receiver => (await some(receiver, 1))[0];

for (const [name, run] of Object.entries(cases)) {
  let timer;
  try {
    await Promise.race([run(), new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('it takes too long')), patience); })]);
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`failed ${name}: ${String(error.stack ?? error).replaceAll('\n', ' | ')}`);
  } finally {
    clearTimeout(timer);
  }
}

process.exit(0); // connections may be open
