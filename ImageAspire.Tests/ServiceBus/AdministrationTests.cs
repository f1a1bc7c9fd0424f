using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace ImageAspire.Tests.ServiceBus;

public sealed class AdministrationTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private readonly ServiceBusAdministrationClient _administration = emulator.Administration;

    [Fact]
    public async Task Queue_HasTheSettingsThatItWasGiven()
    {
        var options = new CreateQueueOptions($"folder/q-{Guid.NewGuid():N}")
        {
            LockDuration = TimeSpan.FromSeconds(20), MaxDeliveryCount = 7, RequiresSession = true, DeadLetteringOnMessageExpiration = true, RequiresDuplicateDetection = true,
            DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(5), DefaultMessageTimeToLive = TimeSpan.FromHours(3), AutoDeleteOnIdle = TimeSpan.FromDays(1), UserMetadata = "note", MaxSizeInMegabytes = 2048,
        };

        new CreateQueueOptions((await _administration.CreateQueueAsync(options)).Value).ShouldBe(options);

        var properties = (await _administration.GetQueueAsync(options.Name)).Value;
        new CreateQueueOptions(properties).ShouldBe(options);
        properties.MaxDeliveryCount = 9;
        (await _administration.UpdateQueueAsync(properties)).Value.MaxDeliveryCount.ShouldBe(9);
        properties.RequiresSession.ShouldBeTrue();
        await _administration.DeleteQueueAsync(options.Name);
        (await _administration.QueueExistsAsync(options.Name)).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task TopicAndSubscription_HaveTheSettingsThatTheyWereGiven()
    {
        var topic = new CreateTopicOptions($"t-{Guid.NewGuid():N}") { RequiresDuplicateDetection = true, DefaultMessageTimeToLive = TimeSpan.FromHours(1), UserMetadata = "note" };
        var created = (await _administration.CreateTopicAsync(topic)).Value;
        (created.RequiresDuplicateDetection, created.DefaultMessageTimeToLive, created.UserMetadata, created.Status).ShouldBe((true, TimeSpan.FromHours(1), "note", EntityStatus.Active));
        var subscription = new CreateSubscriptionOptions(topic.Name, "s")
        {
            LockDuration = TimeSpan.FromSeconds(20), MaxDeliveryCount = 7, EnableDeadLetteringOnFilterEvaluationExceptions = false, AutoDeleteOnIdle = TimeSpan.FromMinutes(5),
        };

        await _administration.CreateSubscriptionAsync(subscription);

        new CreateSubscriptionOptions((await _administration.GetSubscriptionAsync(topic.Name, "s")).Value).ShouldBe(subscription);
        (await _administration.SubscriptionExistsAsync(topic.Name, "other")).Value.ShouldBeFalse();
        await _administration.DeleteTopicAsync(topic.Name);
        (await _administration.SubscriptionExistsAsync(topic.Name, "s")).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task Counts_AreThoseOfTheMessages()
    {
        var topic = await emulator.TopicAsync();
        await _administration.CreateSubscriptionAsync(topic, "s");
        await using var sender = emulator.Client.CreateSender(topic);
        await sender.SendMessagesAsync([new("1"), new("2"), new("3")]);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("later"), DateTimeOffset.UtcNow.AddHours(1));
        await using var receiver = emulator.Client.CreateReceiver(topic, "s");
        await receiver.DeadLetterMessageAsync(await receiver.ReceiveMessageAsync(EmulatorFixture.Long));

        var counts = (await _administration.GetSubscriptionRuntimePropertiesAsync(topic, "s")).Value;

        (counts.ActiveMessageCount, counts.DeadLetterMessageCount, counts.TotalMessageCount).ShouldBe((2, 1, 3));
        var ofTopic = (await _administration.GetTopicRuntimePropertiesAsync(topic)).Value;
        (ofTopic.SubscriptionCount, ofTopic.ScheduledMessageCount).ShouldBe((1, 1));
        ofTopic.SizeInBytes.ShouldBePositive();
    }

    [Fact]
    public async Task Lists_HaveEverything_PageByPage()
    {
        var topic = await emulator.TopicAsync();
        for (var i = 0; i < 230; i++)
            await _administration.CreateSubscriptionAsync(topic, $"s{i:000}");

        var names = new List<string>();
        await foreach (var subscription in _administration.GetSubscriptionsRuntimePropertiesAsync(topic))
            names.Add(subscription.SubscriptionName);

        names.ShouldBe(Enumerable.Range(0, 230).Select(i => $"s{i:000}"));
        var topics = new List<string>();
        await foreach (var one in _administration.GetTopicsAsync())
            topics.Add(one.Name);
        topics.ShouldContain(topic);
    }

    [Fact]
    public async Task Rules_OfAllKinds_ComeBackAsTheyWere()
    {
        var topic = await emulator.TopicAsync();
        var time = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(6); // to the last digit that XML has
        var rules = new[]
        {
            new CreateRuleOptions("correlation", new CorrelationRuleFilter { Subject = "s", CorrelationId = "c", ApplicationProperties = { ["int"] = 1, ["long"] = 2L, ["truth"] = true, ["double"] = 1.5, ["time"] = time } }),
            new CreateRuleOptions("false", new FalseRuleFilter()),
            new CreateRuleOptions("sql", new SqlRuleFilter("a LIKE 'x%'")) { Action = new SqlRuleAction("SET b = 1") },
            new CreateRuleOptions("true", new TrueRuleFilter()),
        };
        await _administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, "s"), rules[0]);
        foreach (var rule in rules[1..])
            await _administration.CreateRuleAsync(topic, "s", rule);

        var listed = new List<RuleProperties>();
        await foreach (var rule in _administration.GetRulesAsync(topic, "s"))
            listed.Add(rule);

        listed.Select(rule => (rule.Name, rule.Filter, (rule.Action as SqlRuleAction)?.SqlExpression))
            .ShouldBe(rules.Select(rule => (rule.Name, rule.Filter, (rule.Action as SqlRuleAction)?.SqlExpression)), ignoreOrder: true);
        listed[0].Filter = new SqlRuleFilter("b = 2");
        await _administration.UpdateRuleAsync(topic, "s", listed[0]);
        (await _administration.GetRuleAsync(topic, "s", listed[0].Name)).Value.Filter.ShouldBe(new SqlRuleFilter("b = 2"));
        await _administration.DeleteRuleAsync(topic, "s", "sql");
        (await _administration.RuleExistsAsync(topic, "s", "sql")).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task Namespace_HasProperties() => (await _administration.GetNamespacePropertiesAsync()).Value.Name.ShouldBe("localhost");

    [Fact]
    public async Task ExistingAndMissingEntities_AreRefusedByReason()
    {
        var topic = await emulator.TopicAsync();

        (await Should.ThrowAsync<ServiceBusException>(_administration.CreateTopicAsync(topic))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityAlreadyExists);
        (await Should.ThrowAsync<ServiceBusException>(_administration.CreateQueueAsync(topic))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityAlreadyExists);
        (await Should.ThrowAsync<ServiceBusException>(_administration.DeleteTopicAsync("missing"))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
        (await Should.ThrowAsync<ServiceBusException>(_administration.CreateSubscriptionAsync("missing", "s"))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }

    [Fact]
    public async Task Filter_ThatCannotBeRead_IsRefusedWithItsPlace()
    {
        var topic = await emulator.TopicAsync();

        var error = await Should.ThrowAsync<ArgumentException>(_administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, "s"), new CreateRuleOptions("r", new SqlRuleFilter("a = = 1"))));

        error.Message.ShouldContain("Position 5");
        (await _administration.SubscriptionExistsAsync(topic, "s")).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task DeletedEntity_ReceiversLearnOfIt()
    {
        var queue = await emulator.QueueAsync();
        var receiving = queue.Receiver.ReceiveMessageAsync(EmulatorFixture.Long);
        await Eventually.TrueAsync(() => emulator.HasReceiverAsync(queue.Name));

        await _administration.DeleteQueueAsync(queue.Name);

        (await receiving).ShouldBeNull();
        (await Should.ThrowAsync<ServiceBusException>(queue.Receiver.ReceiveMessageAsync(EmulatorFixture.Briefly))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }
}
