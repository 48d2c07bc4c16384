#include "network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <queue>
#include <stdexcept>

Network Network::read(const std::string& path)
{
    std::ifstream stream(path);
    if (!stream)
        throw std::runtime_error("cannot read " + path);
    Network network;
    for (const auto& line : nlohmann::json::parse(stream)) {
        const auto from = line["from"].get<std::string>(), to = line["to"].get<std::string>();
        network.minutes[from][to] = network.minutes[to][from] = line["minutes"].get<int>();
    }
    return network;
}

std::vector<std::string> Network::route(const std::string& from, const std::string& to) const
{
    using Step = std::pair<int, std::string>;
    std::priority_queue<Step, std::vector<Step>, std::greater<>> queue;
    std::map<std::string, std::pair<int, std::string>> best{{from, {0, ""}}};
    queue.push({0, from});
    while (!queue.empty()) {
        auto [cost, place] = queue.top();
        queue.pop();
        auto known = minutes.find(place);
        if (known == minutes.end())
            continue;
        for (const auto& [next, more] : known->second)
            if (!best.count(next) || cost + more < best[next].first) {
                best[next] = {cost + more, place};
                queue.push({cost + more, next});
            }
    }
    if (!best.count(to))
        throw std::runtime_error(fmt::format("no route from {} to {}", from, to));
    std::vector<std::string> path;
    for (std::string place = to; !place.empty(); place = best[place].second)
        path.push_back(place);
    std::reverse(path.begin(), path.end());
    return path;
}

std::string Network::dot() const
{
    std::string text = "graph {\n";
    for (const auto& [from, others] : minutes)
        for (const auto& [to, cost] : others)
            if (from < to)
                text += fmt::format("\"{}\" -- \"{}\" [label={}]\n", from, to, cost);
    return text + "}\n";
}
