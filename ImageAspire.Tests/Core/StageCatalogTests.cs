using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Tests.Core;

public sealed class StageCatalogTests
{
    [Fact]
    public void All_EveryStageOfCore_HasOneEntryWithItsOwnSubscription()
    {
        var classes = typeof(IStage).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IStage)));

        StageCatalog.All.Select(stage => stage.Type).ShouldBe(classes, ignoreOrder: true);
        StageCatalog.All.Select(stage => stage.Subscription).Distinct().Count().ShouldBe(StageCatalog.All.Count);
    }

    [Fact]
    public void Subscriptions_ByName_AreThoseThatStoresAndDeploymentsKnow() =>
        StageCatalog.Subscriptions.Select(one => one.Name)
            .ShouldBe(["inspect-image", "analyze-image", "record-audit", "update-reports", "notify-subscribers"]);

    [Fact]
    public void StageNames_OnRecords_AreTheNamesOfTheStages()
    {
        StageCatalog.InspectImage.Name.ShouldBe(StageNames.InspectImage);
        StageCatalog.AnalyzeImage.Name.ShouldBe(StageNames.AnalyzeImage);
    }
}
