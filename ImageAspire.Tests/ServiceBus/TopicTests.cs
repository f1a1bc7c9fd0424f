using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace ImageAspire.Tests.ServiceBus;

public sealed class TopicTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Send_EachSubscriptionGetsWhatItsRulesLetThrough()
    {
        var topic = await emulator.TopicAsync();
        await SubscribeAsync(topic, "all");
        await SubscribeAsync(topic, "red", new CorrelationRuleFilter { Subject = "red" });
        await SubscribeAsync(topic, "blue", new CorrelationRuleFilter { ApplicationProperties = { ["color"] = "blue", ["size"] = 3L } });
        await SubscribeAsync(topic, "large", new SqlRuleFilter("size > 2 AND sys.Label <> 'red'"));
        await SubscribeAsync(topic, "none", new FalseRuleFilter());

        await SendAsync(topic, new ServiceBusMessage("1") { Subject = "red" },
            new ServiceBusMessage("2") { Subject = "x", ApplicationProperties = { ["color"] = "blue", ["size"] = 3 } }, new ServiceBusMessage("3"));

        (await BodiesAsync(topic, "all")).ShouldBe(["1", "2", "3"]);
        (await BodiesAsync(topic, "red")).ShouldBe(["1"]);
        (await BodiesAsync(topic, "blue")).ShouldBe(["2"]);
        (await BodiesAsync(topic, "large")).ShouldBe(["2"]);
        (await BodiesAsync(topic, "none")).ShouldBeEmpty();
    }

    [Fact]
    public async Task RuleAction_ChangesTheCopyOfItsSubscriptionOnly()
    {
        var topic = await emulator.TopicAsync();
        await SubscribeAsync(topic, "plain");
        await emulator.Administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, "changed"), new CreateRuleOptions("set", new TrueRuleFilter())
        {
            Action = new SqlRuleAction("SET sys.Label = 'urgent'; SET price = price * 2; SET note = 'p-' + user.name; REMOVE secret"),
        });

        await SendAsync(topic, new ServiceBusMessage("x") { Subject = "s", ApplicationProperties = { ["price"] = 21, ["name"] = "n", ["secret"] = "!" } });

        var changed = await FirstAsync(topic, "changed");
        changed.Subject.ShouldBe("urgent");
        changed.ApplicationProperties.ShouldBe(new Dictionary<string, object> { ["price"] = 42L, ["name"] = "n", ["note"] = "p-n" }, ignoreOrder: true);
        var plain = await FirstAsync(topic, "plain");
        (plain.Subject, plain.ApplicationProperties["price"], plain.ApplicationProperties["secret"], plain.Body.ToString()).ShouldBe(("s", 21, "!", "x"));
    }

    [Fact]
    public async Task SeveralRules_OneCopy_AndOneMoreForEachAction()
    {
        var topic = await emulator.TopicAsync();
        await SubscribeAsync(topic, "s");
        await emulator.Administration.CreateRuleAsync(topic, "s", new CreateRuleOptions("also", new SqlRuleFilter("1=1")));
        await emulator.Administration.CreateRuleAsync(topic, "s", new CreateRuleOptions("action", new SqlRuleFilter("1=1")) { Action = new SqlRuleAction("SET copy = TRUE") });

        await SendAsync(topic, new ServiceBusMessage("x"));

        (await BodiesAsync(topic, "s")).ShouldBe(["x", "x"]);
    }

    [Fact]
    public async Task FilterWithoutResult_IsDeadLettered()
    {
        var topic = await emulator.TopicAsync();
        await SubscribeAsync(topic, "s", new SqlRuleFilter("size / 0 = 1"));

        await SendAsync(topic, new ServiceBusMessage("x") { ApplicationProperties = { ["size"] = 1 } });

        await using var deadLetters = emulator.Client.CreateReceiver(topic, "s", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        (await deadLetters.ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBe("FilterEvaluationException");
    }

    [Fact]
    public async Task RuleManager_AddsListsAndRemovesRules()
    {
        var topic = await emulator.TopicAsync();
        await SubscribeAsync(topic, "s");
        await using var rules = emulator.Client.CreateRuleManager(topic, "s");
        await rules.CreateRuleAsync("correlation", new CorrelationRuleFilter { Subject = "red", ApplicationProperties = { ["n"] = 1 } });
        await rules.CreateRuleAsync(new CreateRuleOptions("sql", new SqlRuleFilter("a = 1")) { Action = new SqlRuleAction("SET a = 2") });
        await rules.DeleteRuleAsync(RuleProperties.DefaultRuleName);

        var listed = new List<RuleProperties>();
        await foreach (var rule in rules.GetRulesAsync())
            listed.Add(rule);

        listed.Select(rule => rule.Name).ShouldBe(["correlation", "sql"]);
        listed[0].Filter.ShouldBeOfType<CorrelationRuleFilter>().Subject.ShouldBe("red");
        listed[1].Filter.ShouldBeOfType<SqlRuleFilter>().SqlExpression.ShouldBe("a = 1");
        listed[1].Action.ShouldBeOfType<SqlRuleAction>().SqlExpression.ShouldBe("SET a = 2");
        (await Should.ThrowAsync<ServiceBusException>(rules.CreateRuleAsync("sql", new TrueRuleFilter()))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityAlreadyExists);
        (await Should.ThrowAsync<ServiceBusException>(rules.DeleteRuleAsync("missing"))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }

    [Fact]
    public async Task Duplicate_OfATopic_ReachesNoSubscription()
    {
        var topic = await emulator.TopicAsync(options => options.RequiresDuplicateDetection = true);
        await SubscribeAsync(topic, "s");

        await SendAsync(topic, new ServiceBusMessage("1") { MessageId = "same" }, new ServiceBusMessage("2") { MessageId = "same" });

        (await BodiesAsync(topic, "s")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task ForwardTo_MovesMessagesOn_AndThoseThatCannotBecomeDeadLetters()
    {
        var target = await emulator.QueueAsync();
        var topic = await emulator.TopicAsync();
        await emulator.Administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, "s") { ForwardTo = target.Name });
        var lost = await emulator.QueueAsync(options => options.ForwardTo = target.Name);

        await SendAsync(topic, new ServiceBusMessage("x"));
        (await target.ReceiveAsync()).Body.ToString().ShouldBe("x");
        await emulator.Administration.DeleteQueueAsync(target.Name);
        await lost.SendAsync("y");

        (await emulator.DeadLetters(lost.Name).ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBe("AutoForwardingFailed");
    }

    [Fact]
    public async Task ForwardDeadLetters_MovesThemOn()
    {
        var target = await emulator.QueueAsync();
        var queue = await emulator.QueueAsync(options => options.ForwardDeadLetteredMessagesTo = target.Name);
        await queue.SendAsync("x");

        await queue.Receiver.DeadLetterMessageAsync(await queue.ReceiveAsync(), "Reason");

        (await target.ReceiveAsync()).DeadLetterReason.ShouldBe("Reason");
    }

    [Fact]
    public async Task ForwardTo_InACircle_EndsAsADeadLetter()
    {
        var first = await emulator.QueueAsync();
        var second = await emulator.QueueAsync(options => options.ForwardTo = first.Name);
        var properties = (await emulator.Administration.GetQueueAsync(first.Name)).Value;
        properties.ForwardTo = second.Name;
        await emulator.Administration.UpdateQueueAsync(properties);

        await first.SendAsync("x");

        var dead = 0L;
        foreach (var queue in new[] { first, second })
            dead += (await emulator.Administration.GetQueueRuntimePropertiesAsync(queue.Name)).Value.DeadLetterMessageCount;
        dead.ShouldBe(1);
    }

    private async Task SubscribeAsync(string topic, string name, RuleFilter? filter = null)
    {
        if (filter is null)
            await emulator.Administration.CreateSubscriptionAsync(topic, name);
        else
            await emulator.Administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, name), new CreateRuleOptions("rule", filter));
    }

    private async Task SendAsync(string topic, params ServiceBusMessage[] messages)
    {
        await using var sender = emulator.Client.CreateSender(topic);
        await sender.SendMessagesAsync(messages);
    }

    // What is sent to a topic is in all its subscriptions when the send is confirmed.
    private async Task<string[]> BodiesAsync(string topic, string subscription)
    {
        await using var receiver = emulator.Client.CreateReceiver(topic, subscription);
        return [.. (await receiver.PeekMessagesAsync(100)).Select(message => message.Body.ToString())];
    }

    private async Task<ServiceBusReceivedMessage> FirstAsync(string topic, string subscription)
    {
        await using var receiver = emulator.Client.CreateReceiver(topic, subscription);
        return await receiver.ReceiveMessageAsync(EmulatorFixture.Long);
    }
}
