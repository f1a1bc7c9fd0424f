using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Core;

public sealed class SubscriptionRulesTests
{
    [Fact]
    public void Of_OneType_IsThatTypeAndWhatComesAgain() =>
        SubscriptionRules.Of(new SubscriptionOptions("inspect-image") { Types = [ImageEventTypes.Received] }).ShouldBe(
        [
            new SubscriptionRule("inspect-image-received", Subject: "image.received"),
            new SubscriptionRule("inspect-image-redelivery", To: "inspect-image"),
        ]);

    [Fact]
    public void Of_EveryType_NamesEachSoThatNothingForOthersMatches()
    {
        var rules = SubscriptionRules.Of(new SubscriptionOptions("record-audit"));
        rules.Select(rule => rule.Subject).ShouldBe([.. ImageEventTypes.All, null]);
        rules.ShouldAllBe(rule => rule.Subject != null || rule.To != null);
    }

    [Fact]
    public void Of_OneImage_AsksForItInEveryTypeRule()
    {
        var image = Guid.CreateVersion7();
        var rules = SubscriptionRules.Of(new SubscriptionOptions("one") { Subject = image, Types = [ImageEventTypes.Deleted] });
        rules[0].ShouldBe(new SubscriptionRule("one-deleted", "image.deleted", image.ToString("D")));
    }

    [Fact]
    public void Of_WholeTopology_NamesAreUniqueShortAndNeverASubscriptions()
    {
        var names = StageCatalog.Subscriptions.SelectMany(one => SubscriptionRules.Of(one)).Select(rule => rule.Name).ToList();
        names.ShouldBeUnique();
        names.ShouldAllBe(name => name.Length <= 50); // Service Bus takes no more
        names.Intersect(StageCatalog.Subscriptions.Select(one => one.Name).Append(ImageEventTypes.Topic)).ShouldBeEmpty();
    }
}
