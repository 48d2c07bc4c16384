#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/filesystem.hpp>
#include <boost/locale.hpp>
#include <boost/program_options.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "network.hpp"

namespace options = boost::program_options;
namespace files = boost::filesystem;

static int draw(const Network& network)
{
    const auto path = files::temp_directory_path() / files::unique_path("%%%%.dot");
    std::ofstream(path.string()) << network.dot();
    const int code = std::system(fmt::format("dot -Tsvg {} | grep -c '<g id='", path.string()).c_str());
    files::remove(path);
    return code ? 1 : 0;
}

static void greet(const std::string& language)
{
    boost::locale::generator generator;
    std::cout << boost::locale::to_upper("straße", generator(language + ".UTF-8")) << '\n';
}

int main(int count, char** words)
{
    options::options_description known("Options");
    known.add_options()("help", "show this")("from", options::value<std::string>(), "where from")(
        "to", options::value<std::string>(), "where to")("file", options::value<std::string>()->default_value("lines.json"),
        "the network")("draw", "count the parts of the drawing")("upper", options::value<std::string>(), "a language")(
        "stops", "count stops");
    try {
        options::variables_map given;
        options::store(options::parse_command_line(count, words, known), given);
        if (given.count("upper")) {
            greet(given["upper"].as<std::string>());
            return 0;
        }
        const auto network = Network::read((files::path(DATA) / given["file"].as<std::string>()).string());
        if (given.count("draw"))
            return draw(network);
        if (given.count("stops")) {
            std::cout << network.minutes.size() << " stops\n";
            return 0;
        }
        if (given.count("from") && given.count("to")) {
            const auto route = network.route(given["from"].as<std::string>(), given["to"].as<std::string>());
            std::cout << fmt::format("{}\n", fmt::join(route, " > "));
            return 0;
        }
        std::cout << known;
        return given.count("help") ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "routes: " << error.what() << '\n';
        return 1;
    }
}
